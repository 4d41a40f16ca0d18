/** YAML with line and column of every node. */
export * from "npm:yaml@2.9.1";

/** Reading Arrow files. */
export * from "npm:apache-arrow@21.1.0";

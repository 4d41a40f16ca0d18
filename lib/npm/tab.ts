/** Shell completion. */
export * from "npm:@bomb.sh/tab@0.0.22";

/** Schema checks for the config file and the worker protocol. */
export * from "npm:zod@4.6.7";

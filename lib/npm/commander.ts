/** The command line with typed options. */
export * from "npm:@commander-js/extra-typings@15.1.0";

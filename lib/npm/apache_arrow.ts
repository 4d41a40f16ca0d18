/** Writing Arrow files in tests; `lib/arrow/` reads them. */
export * from "npm:apache-arrow@21.1.0";

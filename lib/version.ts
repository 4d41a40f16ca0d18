/** The version of speechmill, written into every manifest. Held equal to `deno.json` by a test. */
export const VERSION = "0.1.0";

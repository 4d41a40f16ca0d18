/** The version of speechmill, written into every manifest. Held equal to `deno.json` by a test. */
export const VERSION = "0.1.0";

/** The version of Deno that it is tested with: the one in README.md, `.ci/run` and `docs/`. */
export const DENO_VERSION = "2.9.6";

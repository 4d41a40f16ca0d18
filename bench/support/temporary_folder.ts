/**
 * A folder for the length of a bench.
 *
 * @module
 */

/** Makes a folder that is removed at the end of its scope. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "speechmill-bench-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/**
 * A folder for the length of a bench.
 *
 * @module
 */

/** Makes a folder, in the one named if there is one, that is removed at the end of its scope. */
export function temporaryFolder(dir?: string): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ ...(dir && { dir }), prefix: "speechmill-bench-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

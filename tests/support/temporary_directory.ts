/** A directory that is removed at the end of its scope. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "speechmill-test-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

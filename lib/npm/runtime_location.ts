/**
 * Where the model runtime is installed, asked without loading it.
 *
 * Deno knows once a module of the program imports the package, even if only on demand; until
 * then the answer is the specifier itself.
 */
export const RUNTIME_ENTRY: string = import.meta.resolve("npm:onnxruntime-node@1.30.0");

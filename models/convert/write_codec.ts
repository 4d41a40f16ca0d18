/**
 * Writes a converted codec as a folder that any worker can open.
 *
 * @module
 */
import { join } from "node:path";
import type { FileSystem } from "../../lib/fs.ts";
import type { ConvertedCodec, GraphName } from "../checkpoint_family.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { writeGraph } from "../graph/write.ts";

/** How to write. */
export interface WriteCodecOptions {
  readonly fs: FileSystem;
  /** What it was made of; becomes `source` in `codec.json`. */
  readonly source?: { readonly [key: string]: unknown };
  /** Told of progress: bytes of weights written, of how many. */
  readonly onProgress?: (written: number, total: number) => void;
}

/**
 * Writes `codec.json` and the graphs into an existing folder. The same codec gives the same bytes.
 *
 * @throws As `writeGraph`, and as the file system does.
 */
export async function writeCodec(
  folder: string,
  { spec, layout, graphs }: ConvertedCodec,
  { fs, source, onProgress }: WriteCodecOptions,
): Promise<void> {
  const files = Object.entries(graphs) as [GraphName, OnnxGraph][];
  const total = files.flatMap(([, graph]) => graph.weights)
    .reduce((sum, { length }) => sum + length, 0);
  let written = 0;
  for (const [name, graph] of files) {
    const onBytes = (bytes: number) => onProgress?.(written += bytes, total);
    await writeGraph(graph, join(folder, `${name}.onnx`), { fs, onBytes });
  }
  const json = { ...spec, layout, ...(source === undefined ? {} : { source }) };
  using file = fs.create(join(folder, "codec.json"));
  file.write(new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`));
  file.sync();
}

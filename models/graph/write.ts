/**
 * Writes a graph and its weights as the two files that a runtime opens.
 *
 * @module
 */
import { basename } from "node:path";
import { SpeechmillError } from "../../lib/errors.ts";
import type { FileSystem } from "../../lib/fs.ts";
import type { OnnxGraph, PlacedWeight } from "./graph.ts";
import { sizeOf } from "./weight.ts";

/** Where a graph's weights go: beside it, under its name. */
function dataFileOf(path: string): string {
  return `${path}_data`;
}

/** How to write. */
export interface WriteGraphOptions {
  readonly fs: FileSystem;
  /** Told of each weight's bytes once they are written. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Writes `path` and, with the weights, `path` + `_data`: ONNX's external data, because a message
 * of more than 2 GB cannot be. Weights are loaded one at a time, and what is not finite is an
 * error. The bytes are the same for the same graph and weights.
 *
 * @throws {SpeechmillError} If a weight holds NaN or infinity, or what is infinite as float16.
 * @throws {RangeError} If a weight is not as large as its shape.
 */
export async function writeGraph(
  graph: OnnxGraph,
  path: string,
  { fs, onBytes }: WriteGraphOptions,
): Promise<void> {
  const dataPath = dataFileOf(path);
  {
    using file = fs.create(dataPath);
    let position = 0;
    for (const placed of graph.weights) {
      file.write(new Uint8Array(placed.offset - position));
      file.write(await bytesOf(placed));
      position = placed.offset + placed.length;
      onBytes?.(placed.length);
    }
    file.sync();
  }
  using file = fs.create(path);
  file.write(graph.toBytes(basename(dataPath)));
  file.sync();
}

async function bytesOf({ weight, precision }: PlacedWeight): Promise<Uint8Array> {
  const values = await weight.load();
  if (values.length !== sizeOf(weight.shape)) {
    throw new RangeError(
      `Cannot write weight '${weight.name}': it has ${values.length} values where ` +
        `[${weight.shape.join(", ")}] was due`,
    );
  }
  const stored = precision === "float32" ? values : Float16Array.from(values);
  const bad = stored.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    const advice = Number.isFinite(values[bad])
      ? "convert it in float32"
      : "its checkpoint is damaged: get it again";
    throw new SpeechmillError(
      `Cannot write weight '${weight.name}' as ${precision}: value ${bad} is ${
        values[bad]
      }; ${advice}`,
    );
  }
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

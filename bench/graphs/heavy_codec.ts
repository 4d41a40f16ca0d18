/**
 * A codec whose model dominates everything around it, for the bench of the engine's own cost.
 *
 * @module
 */
import { join } from "node:path";
import type { CodecSpec } from "../../models/codec.ts";
import {
  CONV_ENCODER_HOP,
  convEncoder,
  convEncoderContext,
  type ConvEncoderOptions,
} from "./conv_encoder.ts";

/** About 20 times real time on one thread of a 2024 server core. */
const HEAVY: ConvEncoderOptions = { channels: 64, blocks: 18 };

/**
 * Writes the codec into a folder that `loadCodec` opens: `codec.json` and `encoder.onnx`. The
 * same options give the same bytes.
 *
 * @param folder Created where it is missing.
 */
export async function writeHeavyCodec(
  folder: string,
  options: ConvEncoderOptions = HEAVY,
): Promise<void> {
  const layers = options.layers ?? 4;
  const spec: CodecSpec = {
    id: "seeded-convolutions",
    name: "seeded",
    sampleRate: 16_000,
    paddingUnit: CONV_ENCODER_HOP,
    minimumSamples: CONV_ENCODER_HOP,
    hopLengths: Array.from({ length: layers }, () => CONV_ENCODER_HOP),
    codebookSize: options.codebookSize ?? 1024,
    context: convEncoderContext(options.blocks),
    licence: "Apache-2.0",
    notice: "Random weights: its tokens mean nothing",
  };
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "codec.json"), JSON.stringify(spec, null, 2) + "\n");
  await Deno.writeFile(join(folder, "encoder.onnx"), convEncoder(options));
}

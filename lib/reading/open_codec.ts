/**
 * The codec that made a run's tokens.
 *
 * @module
 */
import type { Codec, CodecOptions } from "../../models/codec.ts";
import { loadCodec } from "../../models/registry.ts";
import { RunConflictError } from "../errors.ts";
import type { RunModel } from "./manifest.ts";
import { storedText } from "./stored_config.ts";

/** How to open the codec of a run. */
export interface RunCodecOptions {
  /** The codec that made the tokens: a name, or its folder. @default the one of the run */
  readonly codec?: string;
  /** The execution provider. @default {"cpu"} */
  readonly provider?: NonNullable<CodecOptions["provider"]>;
  /** Threads of the codec, on the CPU. @default {navigator.hardwareConcurrency} */
  readonly threads?: number;
  /** @default {loadCodec} */
  readonly loadCodec?: typeof loadCodec;
}

/**
 * Opens the codec of a run.
 *
 * @throws {RunConflictError} If it is not the one that made the tokens.
 */
export async function openRunCodec(
  directory: string,
  model: RunModel,
  options: RunCodecOptions,
): Promise<Codec> {
  const { provider = "cpu", threads = navigator.hardwareConcurrency } = options;
  const reference = options.codec ?? storedText(directory, "codec") ?? model.codec;
  const codec = await (options.loadCodec ?? loadCodec)(reference, { provider, threads });
  if (codec.digest === model.sha256) return codec;
  await codec[Symbol.asyncDispose]();
  throw new RunConflictError(
    `Cannot open the codec of the run '${directory}': its tokens were made by another model: ` +
      "name the codec they were made with by --codec",
    [
      `model: the tokens are from '${model.codec}' with digest ${model.sha256}, '${reference}' has ${codec.digest}`,
    ],
  );
}

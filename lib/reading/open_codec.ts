/**
 * The codec that made a run's tokens.
 *
 * @module
 */
import type { Codec, CodecOptions } from "../../models/codec.ts";
import { isReadyCodec, openCodec, type OpenCodecOptions } from "../../models/resolve.ts";
import { RunConflictError } from "../errors.ts";
import type { RunModel } from "./manifest.ts";
import { storedText } from "./stored_config.ts";

/** How to open the codec of a run. */
export interface RunCodecOptions {
  /**
   * The codec that made the tokens, or one with the same encoder: a name, or its folder.
   * @default the one of the run
   */
  readonly codec?: string;
  /** The execution provider. @default {"cpu"} */
  readonly provider?: NonNullable<CodecOptions["provider"]>;
  /** Threads of the codec, on the CPU. @default {navigator.hardwareConcurrency} */
  readonly threads?: number;
  /** SNAC: decode with noise of this seed in its noise blocks. @default without noise */
  readonly noiseSeed?: number;
  /** Told of the codec's being downloaded and converted, where it is. */
  readonly onProgress?: NonNullable<OpenCodecOptions["onProgress"]>;
  /** How the Hugging Face Hub is reached, where the codec is there. @default the real one */
  readonly hub?: NonNullable<OpenCodecOptions["hub"]>;
  /** @default {openCodec} */
  readonly openCodec?: typeof openCodec;
}

/**
 * Opens the codec of a run, or another that decodes the same tokens (Vocos those of EnCodec).
 *
 * @throws {RunConflictError} If its encoder is not the one that made the tokens.
 */
export async function openRunCodec(
  directory: string,
  model: RunModel,
  options: RunCodecOptions,
): Promise<Codec> {
  const { provider = "cpu", threads = navigator.hardwareConcurrency } = options;
  const reference = options.codec ?? storedText(directory, "codec") ?? model.codec;
  const { noiseSeed, onProgress, hub } = options;
  // What was converted with them already takes no settings.
  const settings = isReadyCodec(reference) ? {} : model.settings ?? {};
  const codec = await (options.openCodec ?? openCodec)(reference, {
    ...{ provider, threads, ...settings },
    ...(noiseSeed === undefined ? {} : { noiseSeed }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(hub === undefined ? {} : { hub }),
  });
  if (codec.encoderDigest === model.encoder_sha256) return codec;
  await codec[Symbol.asyncDispose]();
  throw new RunConflictError(
    `Cannot open the codec of the run '${directory}': its tokens were made by another model: ` +
      "name the codec they were made with by --codec",
    [
      `model: the tokens are from the encoder of '${model.codec}' with digest ` +
      `${model.encoder_sha256}, that of '${reference}' has ${codec.encoderDigest}`,
    ],
  );
}

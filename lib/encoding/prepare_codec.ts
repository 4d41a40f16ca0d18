/**
 * Bringing the codec of a run here: workers have no network and write nothing.
 *
 * @module
 */
import { resolveCodec, type ResolvedCodec, type ResolveOptions } from "../../models/resolve.ts";
import { codecSettings } from "../codec_settings.ts";
import type { RunConfig } from "../config/run_config.ts";
import { StoppedError } from "../errors.ts";
import type { FileSystem } from "../fs.ts";
import { latestProgress } from "../latest_progress.ts";
import type { RunEvent } from "../run/events.ts";

/** What bringing a codec touches. */
export interface PrepareCodecOptions {
  readonly signal?: AbortSignal;
  readonly fs?: FileSystem;
  readonly hub?: NonNullable<ResolveOptions["hub"]>;
}

/**
 * Downloads and converts the codec where it must be, and yields how far that is.
 *
 * @throws {StoppedError} If it is asked to stop.
 */
export async function* prepareCodec(
  config: RunConfig,
  { hub, fs, signal: asked }: PrepareCodecOptions,
): AsyncGenerator<RunEvent, ResolvedCodec> {
  const { codec } = config;
  const left = new AbortController();
  const signals = [left.signal, asked, hub?.signal].filter((signal) => signal !== undefined);
  const signal = AbortSignal.any(signals);
  const progress = latestProgress((onProgress: NonNullable<ResolveOptions["onProgress"]>) =>
    resolveCodec(codec, {
      ...codecSettings(config),
      onProgress,
      hub: { ...hub, signal },
      ...(fs === undefined ? {} : { fs }),
    })
  );
  try {
    while (true) {
      const { done, value } = await progress.next();
      if (done) return value;
      yield { ...value, type: "converting", codec, step: value.type };
    }
  } catch (error) {
    if (!asked?.aborted) throw error;
    throw new StoppedError(
      `Cannot bring the codec '${codec}' here: it was asked to stop; what was downloaded is kept, ` +
        "run the command again to go on",
      { cause: error },
    );
  } finally {
    left.abort();
  }
}

/**
 * speechmill as a library; run as a program, its command line.
 *
 * Everything heavy is imported by the function that needs it: native libraries would otherwise
 * be loaded to print a help text, and in every worker.
 *
 * @module
 */
import type { AudioClip, DecodeOptions } from "./lib/audio/clip.ts";
import type { ConfigOptions, RunConfig } from "./lib/config/config.ts";
import type { DecodeEvent, DecodeRunOptions } from "./lib/decode_run.ts";
import type { EncodeOptions, ResumeOptions } from "./lib/encode.ts";
import type { EncodeEvent } from "./lib/encoding/events.ts";
import type { Layout, LayoutCodec, LayoutName, LayoutOptions } from "./lib/layouts/layout.ts";
import type { Run } from "./lib/open_run.ts";
import type { RunStatus } from "./lib/status.ts";
import type { UploadEvent, UploadOptions } from "./lib/upload_run.ts";
import type { VerifyEvent, VerifyOptions } from "./lib/verify.ts";
import type { Codec } from "./models/codec.ts";
import type { Converted, ConvertOptions } from "./models/convert/convert.ts";
import type { OpenCodecOptions } from "./models/resolve.ts";

export type { AudioClip, DecodeOptions } from "./lib/audio/clip.ts";
export type { ConfigOptions, RunConfig } from "./lib/config/config.ts";
export type { DecodeEvent, DecodeRunOptions } from "./lib/decode_run.ts";
export type { EncodeOptions, ResumeOptions } from "./lib/encode.ts";
export type { EncodeEvent } from "./lib/encoding/events.ts";
export type {
  Arranged,
  Layout,
  LayoutCodec,
  LayoutName,
  LayoutOptions,
} from "./lib/layouts/layout.ts";
export type { EncodedRow, Run } from "./lib/open_run.ts";
export type { Progress, RunEvent, WorkerView } from "./lib/run/events.ts";
export type { Summary } from "./lib/run/summary.ts";
export type { FailureGroup, RunStatus } from "./lib/status.ts";
export type { FetchProgress } from "./lib/sources/open_one.ts";
export type { UploadEvent, UploadOptions } from "./lib/upload_run.ts";
export type { Problem, VerifyEvent, VerifyOptions, VerifyReport } from "./lib/verify.ts";
export type { Codec, CodecOptions, CodecSpec, Codes } from "./models/codec.ts";
export type { CodecSettings } from "./models/checkpoint_family.ts";
export type { Converted, ConvertOptions, ConvertProgress } from "./models/convert/convert.ts";
export type { OpenCodecOptions } from "./models/resolve.ts";
export * from "./lib/errors.ts";
export { VERSION } from "./lib/version.ts";

/**
 * Reads a run's settings from a YAML file, from flags, or from both; flags win.
 *
 * @throws {UsageError} If a setting is unknown or has a wrong value; names file, line and column.
 */
export async function loadConfig(options: ConfigOptions): Promise<RunConfig> {
  const { loadConfig } = await import("./lib/config/config.ts");
  return await loadConfig(options);
}

/**
 * Encodes a dataset and yields what happens; the last event is `finished`. In a folder that holds
 * a run of the same config it goes on where that one ended.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encode, loadConfig } from "@speechmill/speechmill";
 *
 * const folder = Deno.makeTempDirSync();
 * const config = await loadConfig({
 *   flags: { input: ["examples/speech/manifest.jsonl"], output: folder, maxSamples: 2 },
 *   cwd: Deno.cwd(),
 * });
 * for await (const event of encode(config)) {
 *   if (event.type === "finished") assert.equal(event.summary.done, 2);
 * }
 * Deno.removeSync(folder, { recursive: true });
 * ```
 *
 * @throws {UsageError} If the config or the input cannot be used.
 * @throws {RunConflictError} If the folder belongs to another run, or is in use.
 * @throws {DeviceError} If no device works; what was done is kept.
 */
export async function* encode(
  config: RunConfig,
  options?: EncodeOptions,
): AsyncGenerator<EncodeEvent> {
  const { encode } = await import("./lib/encode.ts");
  yield* encode(config, options);
}

/**
 * Goes on with a run where its last session ended, however it ended.
 *
 * @example A run that is stopped, and ended later
 * ```ts
 * import assert from "node:assert/strict";
 * import { encode, loadConfig, resume } from "@speechmill/speechmill";
 *
 * const folder = Deno.makeTempDirSync();
 * const flags = { input: ["examples/speech/manifest.jsonl"], output: folder, maxSamples: 2 };
 * const config = await loadConfig({ flags, cwd: Deno.cwd() });
 * const stop = new AbortController();
 * for await (const event of encode(config, { signal: stop.signal })) {
 *   if (event.type === "planned") stop.abort("that will do for today");
 * }
 *
 * const last = (await Array.fromAsync(resume(folder))).at(-1);
 * assert.ok(last?.type === "finished" && last.summary.finished);
 * Deno.removeSync(folder, { recursive: true });
 * ```
 *
 * @param directory The run directory.
 * @throws {UsageError} If the folder holds no run.
 * @throws {RunConflictError} If its input, its config or its model has changed since.
 */
export async function* resume(
  directory: string,
  options?: ResumeOptions,
): AsyncGenerator<EncodeEvent> {
  const { resume } = await import("./lib/encode.ts");
  yield* resume(directory, options);
}

/**
 * Opens a run to read its rows: one after another, or by id. It must be disposed of.
 *
 * @example Two clips, encoded and read back
 * ```ts
 * import assert from "node:assert/strict";
 * import { encode, loadConfig, openRun } from "@speechmill/speechmill";
 *
 * const folder = Deno.makeTempDirSync();
 * const flags = { input: ["examples/speech/manifest.jsonl"], output: folder, maxSamples: 2 };
 * await Array.fromAsync(encode(await loadConfig({ flags, cwd: Deno.cwd() })));
 *
 * {
 *   using run = await openRun(folder);
 *   for await (const { id, codes } of run.rows()) {
 *     assert.equal(codes.length, 4);
 *     assert.deepEqual((await run.row(id))?.codes, codes);
 *   }
 * }
 * Deno.removeSync(folder, { recursive: true });
 * ```
 *
 * @throws {UsageError} If the folder holds no run.
 */
export async function openRun(directory: string): Promise<Run> {
  const { openRun } = await import("./lib/open_run.ts");
  return await openRun(directory);
}

/** Reads how a run stands, while it goes on or after it ended. */
export async function runStatus(directory: string): Promise<RunStatus> {
  const { runStatus } = await import("./lib/status.ts");
  return runStatus(directory);
}

/** Checks the files, rows and ledger of a run; the last event is `finished`, with the report. */
export async function* verifyRun(
  directory: string,
  options?: VerifyOptions,
): AsyncGenerator<VerifyEvent> {
  const { verifyRun } = await import("./lib/verify.ts");
  yield* verifyRun(directory, options);
}

/** Turns the tokens of a run back into WAV files; the last event is `finished`. */
export async function* decodeRun(
  directory: string,
  options: DecodeRunOptions,
): AsyncGenerator<DecodeEvent> {
  const { decodeRun } = await import("./lib/decode_run.ts");
  yield* decodeRun(directory, options);
}

/**
 * Uploads the dataset of a run to the Hugging Face Hub and yields what happens; the last event is
 * `finished`. What the repository has already is not sent again.
 *
 * @param repository `org/name`. It is made, private unless told otherwise, if there is none.
 * @throws {UsageError} If there is no run, no token, or the name is none.
 * @throws {RunConflictError} If the repository holds files of something else, or the run goes on.
 */
export async function* uploadRun(
  directory: string,
  repository: string,
  options?: UploadOptions,
): AsyncGenerator<UploadEvent> {
  const { uploadRun } = await import("./lib/upload_run.ts");
  yield* uploadRun(directory, repository, options);
}

/**
 * The token layout of a name for a codec: from its codes to the ids that a model is trained on, and
 * from the ids that a model gives back to codes.
 *
 * @example What a model says, as codes to decode
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeLayout } from "@speechmill/speechmill";
 *
 * const snac = { id: "snac_24khz", hopLengths: [2048, 1024, 512], codebookSize: 4096 };
 * const layout = await makeLayout("orpheus", snac);
 *
 * const codes = layout.restore([[128267, 132364, 136461, 140558, 144655, 148752, 152849]]);
 * assert.deepEqual(codes, [[1], [2, 5], [3, 4, 6, 7]]);
 * ```
 *
 * @param name One of `docs/layouts.md`.
 * @param codec Such as the `spec` of a codec that `loadCodec` opened.
 * @throws {UsageError} If the layout does not fit the codec; the message names those that do.
 */
export async function makeLayout(
  name: LayoutName,
  codec: LayoutCodec,
  options?: LayoutOptions,
): Promise<Layout> {
  const { makeLayout } = await import("./lib/layouts/registry.ts");
  return makeLayout(name, codec, options);
}

/**
 * Opens a codec. Native memory is held until it is disposed of.
 *
 * @example A second of a tone, to tokens and back
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadCodec } from "@speechmill/speechmill";
 *
 * await using codec = await loadCodec("bundled");
 * const tone = Float32Array.from({ length: 16_000 }, (_, n) => 0.3 * Math.sin(n * 0.1));
 *
 * const codes = await codec.encode(tone);
 * assert.equal(codes.length, 4);
 * assert.equal(codes[0]?.length, 50);
 *
 * const sound = await codec.decode(codes, tone.length);
 * assert.equal(sound.length, tone.length);
 * ```
 *
 * @param name `bundled`, `org/name` on the Hugging Face Hub, or a folder: what is no codec that can
 * be opened yet is converted into the cache first.
 * @throws {UsageError} If there is no such codec.
 */
export async function loadCodec(name: string, options?: OpenCodecOptions): Promise<Codec> {
  const { openCodec } = await import("./models/resolve.ts");
  return await openCodec(name, options);
}

/**
 * Converts a codec from its authors' checkpoint into a folder that `loadCodec` opens: ONNX graphs
 * and a `codec.json`. Nothing in the checkpoint is executed.
 *
 * @param reference `org/name` on the Hugging Face Hub, or the path of a folder or file.
 * @throws {UsageError} If there is no such model, or it is no codec that can be converted.
 * @throws {SpeechmillError} If a file is damaged, or config and weights do not fit each other.
 */
export async function convertCodec(
  reference: string,
  options?: ConvertOptions,
): Promise<Converted> {
  const { convertCodec } = await import("./models/convert/convert.ts");
  return await convertCodec(reference, options);
}

/**
 * Decodes an audio file, or a segment of it, to mono PCM at the wanted rate.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeAudio } from "@speechmill/speechmill";
 *
 * const { pcm, duration } = await decodeAudio("examples/speech/jfk.flac", { sampleRate: 16_000 });
 * assert.equal(pcm.length, 176_000);
 * assert.equal(duration, 11);
 * ```
 *
 * @param path The file; any container and codec that FFmpeg knows.
 * @returns Float32 PCM, the mean of the channels.
 * @throws {SampleError} If the file is missing, no audio, or damaged.
 */
export async function decodeAudio(path: string, options?: DecodeOptions): Promise<AudioClip> {
  const { decodeAudio } = await import("./lib/audio/decode.ts");
  return decodeAudio(path, options);
}

if (import.meta.main) {
  // Workers are this program again, so that an installed script needs no other file; they load
  // nothing of the command line.
  if (Deno.args[0] === "__worker") {
    const { runWorker } = await import("./workers/worker.ts");
    await runWorker();
  }
  const { runProgram } = await import("./tasks/program.ts");
  Deno.exit(await runProgram(Deno.args));
}

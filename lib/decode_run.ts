/**
 * From the tokens of a run back to sound.
 *
 * @module
 */
import { encodeWav } from "./audio/wav.ts";
import { openDecodeFolder } from "./decoding/folder.ts";
import { messageOf, SpeechmillError, UsageError } from "./errors.ts";
import { type FileSystem, realFileSystem } from "./fs.ts";
import { type EncodedRow, openRun, type Run } from "./open_run.ts";
import { openRunCodec, type RunCodecOptions } from "./reading/open_codec.ts";
import type { Codec } from "../models/codec.ts";

/** What to decode, and where to. */
export interface DecodeRunOptions extends RunCodecOptions {
  /**
   * The folder for the WAV files. It is made if it is absent; a folder that holds anything but
   * what was decoded from this run before is refused.
   */
  readonly output: string;
  /** Decode these alone. @default every row */
  readonly ids?: readonly string[];
  /** @default {realFileSystem} */
  readonly fs?: FileSystem;
}

/** What happens while a run is decoded. The last event is `finished`. */
export type DecodeEvent =
  | { readonly type: "started"; readonly rows: number; readonly codec: string }
  | {
    readonly type: "decoded";
    readonly id: string;
    /** Relative to the output folder. */
    readonly file: string;
    readonly seconds: number;
  }
  | {
    readonly type: "finished";
    /** Absolute. */
    readonly output: string;
    readonly files: number;
    readonly seconds: number;
  };

/**
 * Decodes the rows of a run to WAV files: 16 bits, mono, at the codec's rate, of the length the
 * clip had when it was encoded; where a token layout removed repeated frames, of that of the others.
 *
 * Files are named after their ids, as far as file names allow; `index.jsonl` tells which file is
 * which id's. Each appears whole, under its final name, or not at all.
 *
 * @throws {UsageError} If there is no run, an id has no row, or the folder is not ours.
 * @throws {RunConflictError} If the codec is not the one that made the tokens.
 */
export async function* decodeRun(
  directory: string,
  options: DecodeRunOptions,
): AsyncGenerator<DecodeEvent> {
  using run = await openRun(directory);
  if (options.ids !== undefined) await requireRows(run, options.ids);
  await using codec = await openRunCodec(run.directory, run.manifest.model, options);
  const folder = await openDecodeFolder({
    fs: options.fs ?? realFileSystem,
    path: options.output,
    runDigest: run.manifest.config_digest,
    modelDigest: codec.digest,
  });
  const total = options.ids === undefined
    ? run.files.reduce((sum, { rows }) => sum + rows, 0)
    : new Set(options.ids).size;
  yield { type: "started", rows: total, codec: codec.spec.id };

  let files = 0;
  let seconds = 0;
  for await (const row of options.ids === undefined ? run.rows() : run.rowsById(options.ids)) {
    const { id, sampleRate, decodedSamples: numSamples } = row;
    const wav = encodeWav(await sound(codec, row), sampleRate);
    const file = folder.write({ id, sampleRate, numSamples }, wav);
    files++;
    seconds += numSamples / sampleRate;
    yield { type: "decoded", id, file, seconds: numSamples / sampleRate };
  }
  yield { type: "finished", output: folder.path, files, seconds };
}

/** How many of the missing ids are named. */
const MAX_NAMED = 10;

async function requireRows(run: Run, ids: readonly string[]): Promise<void> {
  const missing = await run.missing(ids);
  if (missing.length === 0) return;
  const named = missing.slice(0, MAX_NAMED).map(({ id, why }) => `'${id}': ${why}`);
  const more = missing.length > MAX_NAMED ? [`and ${missing.length - MAX_NAMED} more`] : [];
  throw new UsageError(
    `Cannot decode ${[...named, ...more].join("\n  ")}`,
  );
}

async function sound(codec: Codec, row: EncodedRow): Promise<Float32Array> {
  try {
    return await codec.decode(row.codes, row.decodedSamples);
  } catch (error) {
    throw new SpeechmillError(
      `Cannot decode row '${row.id}': ${messageOf(error)}: 'speechmill verify' checks the run`,
      { cause: error },
    );
  }
}

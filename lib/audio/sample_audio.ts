/**
 * From a sample of the plan to PCM, wherever its audio lies.
 *
 * @module
 */
import { SampleError } from "../errors.ts";
import { type Cell, DamagedCellError, ParquetCells } from "../parquet/cells.ts";
import type { AudioInput } from "./audio_input.ts";
import { type ByteSource, MemorySource, RangeSource } from "./byte_source.ts";
import type { AudioClip } from "./clip.ts";
import { decodeInput } from "./decode.ts";
import { decodeFailure } from "./failure.ts";
import { fileDifference } from "./file_identity.ts";
import { accessFailure, openAudioFile, openSource } from "./open_file.ts";
import { type AudioPart, describePart, readPart } from "./part.ts";
import { ScratchFile } from "./scratch_file.ts";

/** Where the audio of a sample lies, as the plan keeps it. */
export interface StoredAudio {
  readonly id: string;
  /** Absolute path; null for text alone. */
  readonly audio: string | null;
  /** Where in that file, as `writePart` writes it; null if all of it is the sample's. */
  readonly part: string | null;
  /** Of the segment, in seconds; null for the beginning and the end. */
  readonly start: number | null;
  readonly end: number | null;
  /** Of the file when it was planned; null if it was not looked at. */
  readonly size: number | null;
  readonly mtime: number | null;
}

type RangePart = Extract<AudioPart, { kind: "range" }>;
type ParquetPart = Extract<AudioPart, { kind: "parquet" }>;

/**
 * Reads the audio of samples: files, members of tars, values of Arrow and Parquet files. A clip
 * gives the same samples wherever its bytes lie.
 *
 * Rows of a Parquet file are cheapest in order. WAV is read where it lies; any other audio within a
 * file goes through a file of its own under `TMPDIR`.
 */
export class SampleAudio implements Disposable {
  #cells = new ParquetCells();
  readonly #scratch: ScratchFile;

  /** @param temporary Folder for the files that FFmpeg reads. @default {TMPDIR} */
  constructor(temporary?: string) {
    this.#scratch = new ScratchFile(temporary);
  }

  /**
   * Decodes a sample.
   *
   * @param sampleRate In Hz.
   * @throws {SampleError} `no_audio` if it has none, `input_changed` if the file is not the one that
   * was planned, `corrupt_audio` if what holds it is damaged; else as `decodeAudio` does.
   */
  read(sample: StoredAudio, sampleRate: number): AudioClip {
    const { id, audio, part, start, end, size, mtime } = sample;
    if (audio === null) {
      const message = `Cannot encode sample '${id}': it has text but no audio`;
      throw new SampleError("no_audio", message);
    }
    const change = fileDifference({ audio, size, mtime });
    if (change !== null) {
      throw new SampleError("input_changed", `Cannot encode sample '${id}': ${change}`);
    }
    using opened = new DisposableStack();
    const input = part === null
      ? opened.use(openAudioFile(audio))
      : this.#open(audio, readPart(part), opened);
    return decodeInput(input, { sampleRate, start, end });
  }

  #open(audio: string, part: AudioPart, opened: DisposableStack): AudioInput {
    return part.kind === "range"
      ? this.#openRange(audio, part, opened)
      : this.#openCell(audio, part);
  }

  #openRange(audio: string, part: RangePart, opened: DisposableStack): AudioInput {
    const label = describePart(audio, part);
    const whole = opened.use(openSource(audio, label));
    if (part.offset + part.size > whole.size) {
      const state = `it ends at byte ${part.offset + part.size}, but the file at ${whole.size}`;
      throw decodeFailure(label, { reason: "truncated_audio", state });
    }
    return this.#within(label, new RangeSource(whole, part), part.name);
  }

  #openCell(audio: string, part: ParquetPart): AudioInput {
    const label = describePart(audio, part);
    const { bytes, path } = this.#cell(audio, part, label);
    if (bytes !== null) return this.#within(label, new MemorySource(bytes), path);
    // A row with a path alone was planned with that file, if it may be read at all.
    const state = `its column '${part.column}' holds no bytes`;
    throw decodeFailure(label, { reason: "no_audio", state });
  }

  #cell(audio: string, part: ParquetPart, label: string): Cell {
    try {
      return this.#cells.read(audio, part);
    } catch (error) {
      if (!(error instanceof DamagedCellError)) throw accessFailure(label, error);
      const fault = { reason: "corrupt_audio", state: error.message } as const;
      throw decodeFailure(label, fault, { cause: error });
    }
  }

  #within(label: string, source: ByteSource, name: string | null): AudioInput {
    if (source.size === 0) {
      throw decodeFailure(label, { reason: "empty_file", state: "it is empty" });
    }
    let file: string | null = null;
    return { label, source, file: () => file ??= this.#scratch.fill(source, name) };
  }

  [Symbol.dispose](): void {
    this.#scratch[Symbol.dispose]();
  }
}

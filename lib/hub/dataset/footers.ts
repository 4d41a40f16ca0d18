/**
 * The ends of Parquet files, where their footers lie: read once from the Hub, kept on the disk.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { messageOf, SpeechmillError, StoppedError, UsageError } from "../../errors.ts";
import { parquetMetadata } from "../../npm/hyparquet.ts";
import type { ParquetBytes } from "../../parquet/open.ts";
import type { ByteRange } from "../../parquet/ranges.ts";
import { formatBytes } from "../../terminal/format.ts";
import type { DatasetFile } from "./dataset_file.ts";
import { type RangeReader, readRange } from "./range_reader.ts";
import { type FetchRange, ReadAhead } from "./read_ahead.ts";

/** What hardly any footer exceeds, in bytes. */
const FIRST_BYTES = 1 << 16;

/** Longer footers are none that anybody writes, and would be kept in memory whole. */
const MAX_BYTES = 256 << 20;

/** The length of the footer and the magic number behind it. */
const TRAILER_BYTES = 8;

const MAGIC = 0x31524150;

/** Opens files of the Hub so far that their footer is here. */
export class Footers {
  readonly #folder: string;
  readonly #reader: RangeReader;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param folder Where footers are kept, under the tags of their files.
   * @param signal What ends the reader.
   */
  constructor(folder: string, reader: RangeReader, signal?: AbortSignal) {
    this.#folder = folder;
    this.#reader = reader;
    this.#signal = signal;
  }

  /**
   * Opens a file; what lies before the footer is read when it is asked for, and not kept.
   *
   * @throws {UsageError} If its footer is too long to be read.
   * @throws {SpeechmillError} If the Hub refuses or cannot be reached.
   */
  async open(file: DatasetFile): Promise<ParquetBytes & Disposable> {
    const footer = await this.#kept(file) ?? await this.#fetch(file);
    const { size } = file.facts;
    const begin = size - footer.length;
    const ahead = readAhead(footer, (range, signal) => this.#read(file, range, signal));
    return {
      byteLength: size,
      footerBytes: footer.length,
      slice: async (start, end = size) => {
        const first = start < 0 ? Math.max(0, size + start) : start;
        const last = end < 0 ? size + end : end;
        if (first >= begin) return footer.slice(first - begin, last - begin).buffer;
        const range = { start: first, end: last };
        return (await (ahead?.read(range) ?? this.#read(file, range))).buffer;
      },
      [Symbol.dispose]: () => ahead?.[Symbol.dispose](),
    };
  }

  async #fetch(file: DatasetFile): Promise<Uint8Array<ArrayBuffer>> {
    const { size } = file.facts;
    const end = await this.#read(file, { start: Math.max(0, size - FIRST_BYTES), end: size });
    const due = footerLength(end);
    // What is no footer is for who reads it to say.
    if (due === null || due > size) return end;
    if (due > MAX_BYTES) throw tooLong(file, due);
    const footer = due <= end.length
      ? end.slice(end.length - due)
      : await this.#read(file, { start: size - due, end: size });
    await this.#keep(file, footer);
    return footer;
  }

  async #kept(file: DatasetFile): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const footer = await Deno.readFile(this.#path(file));
      return footerLength(footer) === footer.length ? footer : null;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  async #keep(file: DatasetFile, footer: Uint8Array): Promise<void> {
    const path = this.#path(file);
    const temporary = `${path}.${crypto.randomUUID()}.tmp`;
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(temporary, footer);
    await Deno.rename(temporary, path);
  }

  /** What is thrown for damage must not be taken for it. */
  async #read(
    file: DatasetFile,
    range: ByteRange,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await readRange(this.#reader, file, range, signal);
    } catch (error) {
      if (error instanceof SpeechmillError) throw error;
      if (this.#signal?.aborted || signal?.aborted) {
        throw new StoppedError(`Cannot read '${file.name}': it was stopped`, { cause: error });
      }
      throw cannotHold(file, range, error);
    }
  }

  #path({ facts }: DatasetFile): string {
    return join(this.#folder, facts.etag);
  }
}

/** An allocation that fails, as a rule. */
function cannotHold({ name }: DatasetFile, { start, end }: ByteRange, cause: unknown) {
  return new SpeechmillError(
    `Cannot read ${formatBytes(end - start)} of '${name}': ${
      messageOf(cause)
    }: write the file with ` +
      "smaller row groups, or take a machine with more memory",
    { cause },
  );
}

function tooLong({ repository, name }: DatasetFile, bytes: number): UsageError {
  return new UsageError(
    `Cannot read '${name}' of '${repository.id}': its footer claims to have ${bytes} bytes: write ` +
      "the file with fewer row groups, or leave it out",
  );
}

/** Where the footer cannot be read, nothing is known of what comes next. */
function readAhead(footer: Uint8Array<ArrayBuffer>, fetch: FetchRange): ReadAhead | null {
  try {
    return new ReadAhead(parquetMetadata(footer.buffer, { geoparquet: false }), fetch);
  } catch {
    return null;
  }
}

/** Bytes of the footer that ends here, its trailer included; null if none does. */
function footerLength(end: Uint8Array): number | null {
  if (end.length < TRAILER_BYTES) return null;
  const view = new DataView(end.buffer, end.byteOffset + end.length - TRAILER_BYTES);
  return view.getUint32(4, true) === MAGIC ? view.getUint32(0, true) + TRAILER_BYTES : null;
}

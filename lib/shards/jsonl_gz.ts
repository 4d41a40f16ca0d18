/**
 * JSON lines under gzip: one member, no time stamp, the same bytes for the same rows.
 *
 * @module
 */
import { createGunzip, createGzip, type Gzip } from "node:zlib";
import { messageOf, SpeechmillError } from "../errors.ts";
import { readLines } from "../protocol/lines.ts";
import type { ShardFormat, ShardTarget, ShardWriter, WrittenShard } from "./format.ts";
import { breathe, ShardFile } from "./shard_file.ts";

/** The byte of a gzip header that names the operating system; 255 is "unknown" (RFC 1952). */
const OS_BYTE = 9;
const UNKNOWN_OS = 255;
/** Compression runs on the coordinator's thread; this much is a few milliseconds of it. */
const SLICE = 128 * 1024;

/** JSON lines under gzip at a level from 1 (fast) to 9 (small). */
export function jsonlGz(level = 6): ShardFormat {
  return {
    extension: "jsonl.gz",
    create: (target) => new JsonlGzWriter(target, level),
    read: readJsonlGz,
  };
}

class JsonlGzWriter implements ShardWriter {
  #file: ShardFile;
  #gzip: Gzip;
  #pending: string[] = [];
  #pendingLength = 0;
  #rows = 0;
  #failure: unknown = null;

  constructor(target: ShardTarget, level: number) {
    this.#file = new ShardFile(target);
    this.#gzip = createGzip({ level });
    this.#gzip.on("data", (chunk: Uint8Array) => this.#append(chunk));
  }

  async write(rows: readonly object[]): Promise<void> {
    for (const row of rows) {
      const line = `${JSON.stringify(row)}\n`;
      this.#pending.push(line);
      this.#pendingLength += line.length;
      this.#rows++;
      if (this.#pendingLength >= SLICE) await this.#compress();
    }
  }

  async finish(): Promise<WrittenShard> {
    await this.#compress();
    await new Promise<void>((resolve, reject) => {
      this.#gzip.once("end", resolve);
      this.#gzip.once("error", reject);
      this.#gzip.end();
    });
    if (this.#failure !== null) throw this.#failure;
    return this.#file.finish(this.#rows);
  }

  [Symbol.dispose](): void {
    this.#gzip.destroy();
    this.#file[Symbol.dispose]();
  }

  async #compress(): Promise<void> {
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingLength = 0;
    if (text !== "") {
      await new Promise<void>((resolve) => this.#gzip.write(text, () => resolve()));
    }
    if (this.#failure !== null) throw this.#failure;
    await breathe();
  }

  #append(chunk: Uint8Array): void {
    if (this.#failure !== null) return;
    try {
      const { bytes } = this.#file;
      const holdsOs = bytes <= OS_BYTE && bytes + chunk.length > OS_BYTE;
      this.#file.write(holdsOs ? unknownOs(chunk, bytes) : chunk);
    } catch (error) {
      // Thrown from `write`: an exception in an event handler would end the process.
      this.#failure = error;
    }
  }
}

function unknownOs(chunk: Uint8Array, offset: number): Uint8Array {
  const copy = chunk.slice();
  copy[OS_BYTE - offset] = UNKNOWN_OS;
  return copy;
}

/**
 * Reads JSON lines under gzip.
 *
 * @throws {SpeechmillError} If the file is damaged; the message names it and the last whole row.
 */
export async function* readJsonlGz(
  path: string,
): AsyncGenerator<Record<string, unknown>> {
  using file = Deno.openSync(path);
  const bytes = new Inflated(file);
  let row = 0;
  try {
    for await (const lines of readLines(bytes)) {
      for (const line of lines) {
        const value = JSON.parse(line);
        row++;
        yield value;
      }
    }
    if (bytes.last !== LINE_FEED) throw new Error("its last line has no end");
  } catch (error) {
    throw new SpeechmillError(
      `Cannot read '${path}' after row ${row}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

const LINE_FEED = 0x0a;
/** Compressed bytes read at a time. */
const BLOCK = 256 * 1024;

/** The content of a gzip file, block by block. */
class Inflated implements AsyncIterable<Uint8Array> {
  /** The last byte so far; of an empty file, a line feed. */
  last = LINE_FEED;
  #file: Deno.FsFile;
  #gunzip = createGunzip();
  #chunks: Uint8Array[] = [];
  #failure: Error | null = null;

  constructor(file: Deno.FsFile) {
    this.#file = file;
    this.#gunzip.on("data", (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.#gunzip.on("error", (error: Error) => this.#failure = error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const buffer = new Uint8Array(BLOCK);
    try {
      for (let more = true; more;) {
        const length = this.#file.readSync(buffer);
        more = length !== null;
        if (length === null) await this.#end();
        else await this.#write(buffer.slice(0, length));
        for (const chunk of this.#chunks.splice(0)) {
          this.last = chunk.at(-1) ?? this.last;
          yield chunk;
        }
        if (this.#failure !== null) throw this.#failure;
      }
    } finally {
      this.#gunzip.destroy();
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.#gunzip.write(bytes, () => resolve()));
  }

  async #end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#gunzip.once("close", resolve);
      this.#gunzip.end();
    });
  }
}

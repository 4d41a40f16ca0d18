/**
 * JSON lines under gzip: one member, no time stamp, the same bytes for the same rows.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createGunzip, createGzip, type Gzip } from "node:zlib";
import { SpeechmillError } from "../errors.ts";
import type { FileSystem, OutputFile } from "../fs.ts";
import { readLines } from "../protocol/lines.ts";
import type { ShardFormat, ShardWriter, WrittenShard } from "./format.ts";

/** The byte of a gzip header that names the operating system; 255 is "unknown" (RFC 1952). */
const OS_BYTE = 9;
const UNKNOWN_OS = 255;
/** Compression runs on the coordinator's thread; this much is a few milliseconds of it. */
const SLICE = 128 * 1024;

/** JSON lines under gzip at a level from 1 (fast) to 9 (small). */
export function jsonlGz(level = 6): ShardFormat {
  return {
    extension: "jsonl.gz",
    create: (fs, path) => new JsonlGzWriter(fs, path, level),
    read: readJsonlGz,
  };
}

class JsonlGzWriter implements ShardWriter {
  #file: OutputFile;
  #gzip: Gzip;
  #hash = createHash("sha256");
  #pending: string[] = [];
  #pendingLength = 0;
  #rows = 0;
  #bytes = 0;
  #failure: unknown = null;

  constructor(fs: FileSystem, path: string, level: number) {
    this.#file = fs.create(path);
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
    this.#file.sync();
    return {
      rows: this.#rows,
      bytes: this.#bytes,
      sha256: this.#hash.digest("hex"),
    };
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
    // A macrotask between slices, so that the answers of workers are read meanwhile.
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }

  #append(chunk: Uint8Array): void {
    if (this.#failure !== null) return;
    try {
      const bytes = this.#bytes <= OS_BYTE && this.#bytes + chunk.length > OS_BYTE
        ? unknownOs(chunk, this.#bytes)
        : chunk;
      this.#file.write(bytes);
      this.#hash.update(bytes);
      this.#bytes += bytes.length;
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
 * @throws {SpeechmillError} If the file is damaged; the message names it and the row.
 */
export async function* readJsonlGz(
  path: string,
): AsyncGenerator<Record<string, unknown>> {
  using file = Deno.openSync(path);
  let row = 0;
  try {
    for await (const lines of readLines(gunzip(file))) {
      for (const line of lines) {
        row++;
        yield JSON.parse(line);
      }
    }
  } catch (error) {
    throw new SpeechmillError(
      `Cannot read '${path}' after row ${row}: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}

function gunzip(file: Deno.FsFile): ReadableStream<Uint8Array> {
  const gunzip = createGunzip();
  const buffer = new Uint8Array(256 * 1024);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      gunzip.on("data", (chunk: Uint8Array) => controller.enqueue(chunk));
      gunzip.on("end", () => controller.close());
      gunzip.on("error", (error: Error) => controller.error(error));
    },
    async pull() {
      const length = file.readSync(buffer);
      if (length === null) gunzip.end();
      else {await new Promise<void>((resolve) =>
          gunzip.write(buffer.slice(0, length), () => resolve())
        );}
    },
    cancel() {
      gunzip.destroy();
    },
  }, { highWaterMark: 4 });
}

/**
 * The part of a file that has been downloaded so far, and what the server said of the file.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";
import type { Answer } from "../hub/answer.ts";
import { PassingError } from "../hub/back_off.ts";

/** What tells whether a server still has the file that the part is of. */
interface FileState {
  /** A strong `ETag`, or else `Last-Modified`; null for neither. */
  readonly validator: string | null;
  readonly lastModified: string | null;
  /** Bytes; null where the server does not say. */
  readonly total: number | null;
}

const UNKNOWN: FileState = { validator: null, lastModified: null, total: null };

/** A file that grows until it is whole. */
export class DownloadPart implements Disposable {
  readonly #path: string;
  readonly #name: string;
  readonly #file: Deno.FsFile;
  #state: FileState;
  #bytes: number;
  #isWhole: boolean;

  private constructor(path: string, name: string, file: Deno.FsFile, state: FileState) {
    this.#path = path;
    this.#name = name;
    this.#file = file;
    this.#state = state;
    const { size } = file.statSync();
    const isOurs = state.validator !== null && size <= (state.total ?? Infinity);
    this.#bytes = isOurs ? size : 0;
    this.#isWhole = isOurs && size === state.total;
    file.truncateSync(this.#bytes);
    file.seekSync(this.#bytes, Deno.SeekMode.Start);
  }

  /** @param name For messages. */
  static open(path: string, name: string): DownloadPart {
    const file = Deno.openSync(path, { read: true, write: true, create: true });
    try {
      return new DownloadPart(path, name, file, readState(statePath(path)));
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes that are here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that there are; null where the server does not say. */
  get total(): number | null {
    return this.#state.total;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** When the file was last changed where it comes from. */
  get changed(): Date | null {
    const time = Date.parse(this.#state.lastModified ?? "");
    return Number.isNaN(time) ? null : new Date(time);
  }

  /** Asks for what is missing, and for the whole file if it is another one by now. */
  rangeHeaders(): Readonly<Record<string, string>> {
    const { validator } = this.#state;
    if (this.#bytes === 0 || validator === null) return {};
    return { "range": `bytes=${this.#bytes}-`, "if-range": validator };
  }

  /**
   * Gets ready for the content of an answer: it follows what is here, or is the whole file.
   *
   * @returns Whether it is either.
   * @throws {PassingError} If the next attempt must begin anew.
   */
  accept({ status, headers }: Answer): boolean {
    const [, begin, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/
      .exec(headers.get("content-range") ?? "") ?? [];
    if (status === 206 && Number(begin) === this.#bytes && this.#isSame(headers, total)) {
      return true;
    }
    if (status === 206 || status === 416) {
      this.#restart(UNKNOWN);
      throw new PassingError("the server has not the part of the file that it was asked for");
    }
    if (status !== 200) return false;
    this.#restart(stateOf(headers));
    return true;
  }

  /** Adds bytes at the end. */
  append(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length;) {
        written += this.#file.writeSync(bytes.subarray(written));
      }
    } catch (error) {
      this.#file.truncateSync(this.#bytes);
      this.#file.seekSync(this.#bytes, Deno.SeekMode.Start);
      throw new SpeechmillError(
        `Cannot write '${this.#name}' to '${this.#path}': ${messageOf(error)}`,
        { cause: error },
      );
    }
    this.#bytes += bytes.length;
  }

  /**
   * The answer has ended.
   *
   * @throws {PassingError} If something is missing.
   */
  end(): void {
    const { total } = this.#state;
    this.#isWhole = total === null || this.#bytes === total;
    if (this.#isWhole) return;
    const bytes = this.#bytes;
    if (bytes > (total ?? Infinity)) this.#restart(UNKNOWN);
    throw new PassingError(`the connection ends at byte ${bytes} of ${total}`);
  }

  /** Brings the content to the disk; nothing is left to go on with. */
  finish(): void {
    this.#file.syncSync();
    removeIfThere(statePath(this.#path));
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #isSame(headers: Headers, total: string | undefined): boolean {
    const now = stateOf(headers).validator;
    const hasTotal = total === undefined || total === "*" || this.#state.total === null ||
      Number(total) === this.#state.total;
    return hasTotal && (now === null || now === this.#state.validator);
  }

  #restart(state: FileState): void {
    this.#file.truncateSync(0);
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#bytes = 0;
    this.#state = state;
    Deno.writeTextFileSync(statePath(this.#path), JSON.stringify(state));
  }
}

function stateOf(headers: Headers): FileState {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  const length = headers.get("content-length") ?? "";
  return {
    // Weak tags may not stand in If-Range.
    validator: etag?.startsWith('"') ? etag : lastModified,
    lastModified,
    total: /^\d+$/.test(length) ? Number(length) : null,
  };
}

function statePath(path: string): string {
  return `${path}.json`;
}

/** What an earlier process noted; nothing where that cannot be read. */
function readState(path: string): FileState {
  try {
    const { validator, lastModified, total }: FileState = JSON.parse(Deno.readTextFileSync(path));
    const isText = (value: unknown) => value === null || typeof value === "string";
    const isSound = isText(validator) && isText(lastModified) &&
      (total === null || Number.isSafeInteger(total));
    return isSound ? { validator, lastModified, total } : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

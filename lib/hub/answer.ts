/**
 * An answer of the server while it is being read.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import { formatBytes } from "../terminal/format.ts";
import { PassingError } from "./back_off.ts";

/** Ends a request over which nothing has come for a while. */
export class IdleTimer implements Disposable {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.restart();
  }

  /** Aborted, with a {@linkcode PassingError}, when the time is up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something came. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#controller.abort(
        new PassingError(`the server sends nothing for ${this.#milliseconds / 1000} s`),
      );
    }, this.#milliseconds);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** Longer answers are none of a Hub's API: a page of a listing has less than a megabyte. */
const MAX_TEXT_BYTES = 64 << 20;

/**
 * Checks how much of an answer is kept in memory.
 *
 * @throws {SpeechmillError} If it is longer than any that is due.
 */
export function checkLength(bytes: number): void {
  if (bytes <= MAX_TEXT_BYTES) return;
  throw new SpeechmillError(
    `Cannot read the server's answer: it is longer than ${formatBytes(MAX_TEXT_BYTES)}: ` +
      "check HF_ENDPOINT",
  );
}

/** What an answer is read with. */
export interface AnswerOptions {
  readonly timer: IdleTimer;
  /** Makes errors of the connection such that another attempt is made. */
  readonly passing: (error: unknown) => unknown;
  /** Headers of the Hub's redirect. @default {null} */
  readonly redirect?: Headers | null;
  /** Whether the Hub was not asked. @default {false} */
  readonly isOfKeptLink?: boolean;
}

/** Status, headers and content of one answer. */
export class Answer implements AsyncDisposable {
  readonly status: number;
  readonly headers: Headers;
  /** What the Hub says of a file that it sends elsewhere for; null if this is its own answer. */
  readonly redirect: Headers | null;
  /** Whether it comes from where the Hub sent an earlier request. */
  readonly isOfKeptLink: boolean;
  readonly #response: Response;
  readonly #timer: IdleTimer;
  readonly #passing: (error: unknown) => unknown;

  constructor(response: Response, options: AnswerOptions) {
    const { timer, passing, redirect = null, isOfKeptLink = false } = options;
    this.status = response.status;
    this.headers = response.headers;
    this.redirect = redirect;
    this.isOfKeptLink = isOfKeptLink;
    this.#response = response;
    this.#timer = timer;
    this.#passing = passing;
  }

  /** The content, piece by piece. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const reader = this.#response.body?.getReader();
    if (reader === undefined) return;
    try {
      while (true) {
        const { done, value } = await this.#read(reader);
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>) {
    // The time that the last piece took to be written is no silence of the server.
    this.#timer.restart();
    try {
      return await reader.read();
    } catch (error) {
      throw this.#passing(error);
    }
  }

  /**
   * The content as text.
   *
   * @throws {SpeechmillError} If it is longer than any that is due.
   */
  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for await (const piece of this.pieces()) {
      checkLength(bytes += piece.length);
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  }

  /** Ends the connection if there is more to come. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    const { body } = this.#response;
    if (body !== null && !body.locked) await body.cancel().catch(() => {});
  }
}

/**
 * Downloading one file: what breaks off goes on where it broke, and what is wrong is dropped.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";
import { formatBytes } from "../terminal/format.ts";
import type { Answer } from "./answer.ts";
import { BackOff, PassingError } from "./back_off.ts";
import type { HubClient } from "./client.ts";
import { type ContentFacts, hashKindOf } from "./content.ts";
import { Part, type WriteAll } from "./part.ts";
import { describeSubject, type Subject } from "./subject.ts";

/** One file to download. */
export interface Wanted {
  /** Below the endpoint, encoded. */
  readonly path: string;
  readonly subject: Subject;
  readonly facts: ContentFacts;
  /** Where the part lies until it is whole; one that is there is gone on with. */
  readonly part: string;
  /** Called with the bytes that are here. */
  readonly onBytes?: (bytes: number) => void;
  /** @default writes to the disk */
  readonly write?: WriteAll | undefined;
}

/** What arrived is not what was announced. */
export class WrongContentError extends SpeechmillError {
  override name = "WrongContentError";
}

/**
 * Fills the part until it is the whole file, checked and on the disk.
 *
 * @throws {WrongContentError} If the content is wrong; the part is of no use then.
 * @throws {SpeechmillError} If the Hub refuses, the network stays down or the disk is full; the
 * part can be gone on with.
 */
export async function download(client: HubClient, wanted: Wanted): Promise<void> {
  using part = await Part.open(wanted.part, wanted.facts, wanted.write);
  for (let reused = part.bytes > 0;; reused = false) {
    await new Transfer(client, wanted, part).run();
    const digest = part.digest();
    if (digest === null || digest === wanted.facts.etag) return await part.sync();
    // What an earlier process left may have been the wrong half.
    if (!reused) throw wrongContent(wanted, digest);
    await part.restart();
  }
}

/** One file on its way, over as many connections as it takes. */
class Transfer {
  readonly #client: HubClient;
  readonly #wanted: Wanted;
  readonly #part: Part;
  /** Strong tag that the part's bytes came with. */
  #tag: string | null = null;

  constructor(client: HubClient, wanted: Wanted, part: Part) {
    this.#client = client;
    this.#wanted = wanted;
    this.#part = part;
  }

  async run(): Promise<void> {
    const backOff = new BackOff(
      `download ${describeSubject(this.#wanted.subject)}`,
      this.#client.patience,
    );
    let furthest = this.#part.bytes;
    while (this.#part.missing > 0) {
      try {
        await this.#connect();
      } catch (error) {
        if (this.#part.bytes > furthest) backOff.progress();
        furthest = Math.max(furthest, this.#part.bytes);
        await backOff.after(error);
      }
    }
  }

  async #connect(): Promise<void> {
    const { path, subject } = this.#wanted;
    const headers: Record<string, string> = {};
    if (this.#part.bytes > 0) {
      headers["range"] = `bytes=${this.#part.bytes}-`;
      if (this.#tag !== null) headers["if-range"] = this.#tag;
    }
    await using answer = await this.#client.send({ path, subject, headers, accept: [416] });
    await this.#align(answer);
    for await (const piece of answer.pieces()) await this.#take(piece);
    if (this.#part.missing > 0) {
      const { bytes, missing } = this.#part;
      throw new PassingError(`the connection ends at byte ${bytes} of ${bytes + missing}`);
    }
  }

  /** Begins anew unless what comes now is what follows the part. */
  async #align(answer: Answer): Promise<void> {
    const begin = /^bytes (\d+)-/.exec(answer.headers.get("content-range") ?? "")?.[1];
    const etag = answer.headers.get("etag");
    const tag = etag?.startsWith('"') ? etag : null;
    const follows = answer.status === 206 && Number(begin) === this.#part.bytes &&
      (this.#tag === null || this.#tag === tag);
    if (!follows && this.#part.bytes > 0) await this.#part.restart();
    this.#tag = tag;
    if (!follows && answer.status !== 200) {
      this.#tag = null;
      throw new PassingError("the server sends another part of the file than it was asked for");
    }
  }

  async #take(piece: Uint8Array): Promise<void> {
    const { facts, onBytes } = this.#wanted;
    if (piece.length > this.#part.missing) {
      throw wrongContent(this.#wanted, `more than ${facts.size} bytes`);
    }
    try {
      await this.#part.append(piece);
    } catch (error) {
      throw cannotWrite(this.#wanted, this.#part, error);
    }
    onBytes?.(this.#part.bytes);
  }
}

function wrongContent({ subject, facts }: Wanted, found: string): WrongContentError {
  const kind = hashKindOf(facts.etag);
  const due = kind === null ? `${facts.size} bytes` : `${kind} ${facts.etag} (${facts.size} bytes)`;
  return new WrongContentError(
    `Cannot use ${describeSubject(subject)} as it was downloaded: ${due} was due, ${found} came; ` +
      "it was removed, run the command again",
  );
}

function cannotWrite({ subject }: Wanted, part: Part, error: unknown): SpeechmillError {
  return new SpeechmillError(
    `Cannot write ${describeSubject(subject)} to '${part.path}': ${messageOf(error)}; ` +
      `${formatBytes(part.missing)} more are needed: make room, or set HF_HUB_CACHE to a folder ` +
      "on another disk, and run the command again, which goes on from there",
    { cause: error },
  );
}

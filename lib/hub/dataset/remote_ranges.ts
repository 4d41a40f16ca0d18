/**
 * Parts of a file on the Hub, by HTTP range requests.
 *
 * A part cannot be held to the hash of the whole file. It is held to what the Hub says of the file
 * with its redirect (`X-Linked-Etag`), to its size (`Content-Range`), and to the file server's own
 * tag, which may not change from one part to the next.
 *
 * @module
 */
import { SpeechmillError } from "../../errors.ts";
import type { ByteRange } from "../../parquet/ranges.ts";
import type { Answer } from "../answer.ts";
import { ATTEMPTS_OF_RUN, BackOff, PassingError } from "../back_off.ts";
import type { HubClient } from "../client.ts";
import { hashKindOf } from "../content.ts";
import { describeSubject } from "../subject.ts";
import { type DatasetFile, downloadPath, subjectOf } from "./dataset_file.ts";
import type { RangeReader, TakeBytes } from "./range_reader.ts";

/** The server sends whole files only. */
export class RangesUnknownError extends SpeechmillError {}

/**
 * Reads from the Hub. The link that it signs for a file is used for minutes; after a failure the Hub
 * is asked anew. Once it has answered, it is asked for much longer before that counts as a failure.
 */
export function remoteRanges(client: HubClient): RangeReader {
  let attempts: number | undefined;
  return {
    read: async (file, ranges, { take, signal }) => {
      const own = client.withPatience({ signal, attempts });
      await new RangeTransfer(own, file, take).run(ranges);
      attempts = ATTEMPTS_OF_RUN;
    },
  };
}

/** Ranges of one file on their way. */
class RangeTransfer {
  readonly #client: HubClient;
  readonly #file: DatasetFile;
  readonly #take: TakeBytes;
  /** Strong tag that the bytes came with so far. */
  #tag: string | null = null;
  /** Range that is being read, and where in it the next byte is. */
  #index = 0;
  #position = 0;

  constructor(client: HubClient, file: DatasetFile, take: TakeBytes) {
    this.#client = client;
    this.#file = file;
    this.#take = take;
  }

  async run(ranges: readonly ByteRange[]): Promise<void> {
    const subject = describeSubject(subjectOf(this.#file));
    const backOff = new BackOff(`read a part of ${subject}`, this.#client.patience);
    this.#restart(ranges);
    let furthest = 0;
    for (let range; (range = ranges[this.#index]) !== undefined;) {
      try {
        await this.#connect(range);
        this.#index++;
        this.#position = ranges[this.#index]?.start ?? 0;
      } catch (error) {
        this.#client.forgetLink(downloadPath(this.#file));
        // Bytes that come a second time are no progress.
        const bytes = this.#bytes(ranges);
        if (bytes > furthest) backOff.progress();
        furthest = Math.max(furthest, bytes);
        if (error instanceof OtherFileError) this.#restart(ranges);
        await backOff.after(error);
      }
    }
  }

  #restart(ranges: readonly ByteRange[]): void {
    this.#tag = null;
    this.#index = 0;
    this.#position = ranges[0]?.start ?? 0;
  }

  /** Bytes of the ranges up to the position. */
  #bytes(ranges: readonly ByteRange[]): number {
    const before = ranges.slice(0, this.#index).map(({ start, end }) => end - start);
    const begun = this.#position - (ranges[this.#index]?.start ?? this.#position);
    return before.reduce((sum, length) => sum + length, begun);
  }

  async #connect({ end }: ByteRange): Promise<void> {
    if (this.#position === end) return;
    await using answer = await this.#client.send({
      path: downloadPath(this.#file),
      subject: subjectOf(this.#file),
      headers: { range: `bytes=${this.#position}-${end - 1}` },
      accept: [416],
      reuseLink: true,
    });
    this.#checkOrAskAgain(answer, end);
    for await (const piece of answer.pieces()) {
      if (piece.length > end - this.#position) throw otherPart();
      await this.#take(piece, this.#position);
      this.#position += piece.length;
    }
    if (this.#position < end) {
      throw new PassingError(`the connection ends at byte ${this.#position} of ${end}`);
    }
  }

  /** Only what the Hub sends to now is taken for the end of the file that was planned. */
  #checkOrAskAgain(answer: Answer, end: number): void {
    try {
      this.#check(answer, end);
    } catch (error) {
      if (!answer.isOfKeptLink || error instanceof PassingError) throw error;
      throw new OtherFileError();
    }
  }

  #check(answer: Answer, end: number): void {
    const { facts } = this.#file;
    const linked = answer.redirect?.get("x-linked-etag");
    const stated = plainTag(linked ?? answer.headers.get("etag"));
    // Tags that are no hashes, as mirrors and file servers make them, say nothing of the content.
    const isComparable = hashKindOf(stated) !== null &&
      hashKindOf(stated) === hashKindOf(facts.etag);
    const [, begin, last, total] =
      /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get("content-range") ?? "") ?? [];
    const isOther = isComparable && stated !== facts.etag ||
      total !== undefined && Number(total) !== facts.size;
    if (isOther || answer.status === 416) throw this.#changed();
    if (answer.status !== 206) throw this.#wholeFile();
    if (Number(begin) !== this.#position || Number(last) !== end - 1) throw otherPart();
    const tag = answer.headers.get("etag");
    const strong = tag?.startsWith('"') ? tag : null;
    if (this.#tag !== null && strong !== this.#tag) throw new OtherFileError();
    this.#tag = strong;
  }

  #changed(): SpeechmillError {
    const { facts } = this.#file;
    return new SpeechmillError(
      `Cannot use ${describeSubject(subjectOf(this.#file))}: the Hub now sends another file than ` +
        `the ${facts.size} bytes with ETag ${facts.etag} that were planned; plan a new run with ` +
        "another output folder",
    );
  }

  #wholeFile(): RangesUnknownError {
    return new RangesUnknownError(
      `Cannot read a part of ${describeSubject(subjectOf(this.#file))}: the server sends whole ` +
        "files only; set streaming to false, which downloads the dataset",
    );
  }
}

/** The file server has another file than a moment ago: all is read again. */
class OtherFileError extends PassingError {
  constructor() {
    super("the file on the server changed while it was read");
  }
}

function otherPart(): PassingError {
  return new PassingError("the server sends another part of the file than it was asked for");
}

function plainTag(tag: string | null): string {
  return (tag ?? "").replace(/^(?:W\/)?"(.*)"$/, "$1");
}

/**
 * Reading ahead: who reads some columns of a row group over a network reads the same columns of the
 * next ones after. A file has thousands of row groups, and each request takes its time to begin.
 *
 * @module
 */
import type { FileMetaData } from "../../npm/hyparquet.ts";
import { type ByteRange, pagesRange } from "../../parquet/ranges.ts";

/** Reads a range; the signal ends it. */
export type FetchRange = (
  range: ByteRange,
  signal: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Row groups that are read ahead. */
const GROUPS_AHEAD = 8;

/** Longer ranges take longer than their requests: nothing is won by reading them ahead. */
const MAX_BYTES = 4 << 20;

interface Coming extends ByteRange {
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads ranges of a Parquet file. */
export class ReadAhead implements Disposable {
  readonly #fetch: FetchRange;
  /** Where the columns of each row group lie. */
  readonly #groups: readonly (readonly ByteRange[])[];
  /** The row group of each range, by its beginning. */
  readonly #groupAt: ReadonlyMap<number, number>;
  readonly #stop = new AbortController();
  #coming: Coming[] = [];

  constructor({ row_groups: groups }: FileMetaData, fetch: FetchRange) {
    this.#fetch = fetch;
    this.#groups = groups.map(({ columns }) => columns.map(pagesRange));
    this.#groupAt = new Map(
      this.#groups.flatMap((ranges, group) => ranges.map(({ start }) => [start, group] as const)),
    );
  }

  /** The bytes of a range, and of those that are likely to be asked for next. */
  async read(range: ByteRange): Promise<Uint8Array<ArrayBuffer>> {
    const found = this.#coming.find(({ start, end }) => start <= range.start && range.end <= end);
    const bytes = found?.bytes ?? this.#fetch(range, this.#stop.signal);
    this.#begin(range);
    const whole = await bytes;
    if (found === undefined) return whole;
    this.#coming = this.#coming.filter((coming) => coming !== found);
    return whole.slice(range.start - found.start, range.end - found.start);
  }

  /** Ends what is on its way. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  /** Begins to read the same columns of the next row groups. */
  #begin({ start, end }: ByteRange): void {
    const group = this.#groupAt.get(start);
    if (group === undefined) return;
    const ranges = this.#groups[group] ?? [];
    const first = ranges.findIndex((range) => range.start === start);
    const last = ranges.findIndex((range) => range.end === end);
    if (last < first) return;
    for (const next of this.#groups.slice(group + 1, group + 1 + GROUPS_AHEAD)) {
      const [from, to] = [next[first]?.start ?? 0, next[last]?.end ?? 0];
      const isUseful = to > from && to - from <= MAX_BYTES;
      if (isUseful && !this.#coming.some((coming) => coming.start === from)) this.#add(from, to);
    }
  }

  #add(start: number, end: number): void {
    const bytes = this.#fetch({ start, end }, this.#stop.signal);
    // Who asks for it hears of it; nobody may.
    bytes.catch(() => {});
    this.#coming.push({ start, end, bytes });
  }
}

/**
 * Which feeder is given which sample. A feeder reads a row group of a Parquet file at once, so
 * samples of one row group go to one feeder, as long as the others have work.
 *
 * @module
 */
import type { LeasedSample } from "./stage.ts";

/** Samples of one region that follow each other. */
interface Run {
  readonly region: string | null;
  readonly samples: LeasedSample[];
  next: number;
}

/** Leased samples that no feeder has yet, in their order. */
export class LeaseQueue {
  #regionOf: (sample: LeasedSample) => string | null;
  #runs: Run[] = [];
  /** The region that each feeder read last. */
  #last = new Map<number, string>();
  #size = 0;

  /** @param regionOf What a sample is read together with; null for nothing. */
  constructor(regionOf: (sample: LeasedSample) => string | null) {
    this.#regionOf = regionOf;
  }

  /** Samples waiting. */
  get size(): number {
    return this.#size;
  }

  add(samples: readonly LeasedSample[]): void {
    for (const sample of samples) {
      const region = this.#regionOf(sample);
      const last = this.#runs.at(-1);
      if (last?.region === region) last.samples.push(sample);
      else this.#runs.push({ region, samples: [sample], next: 0 });
    }
    this.#size += samples.length;
  }

  clear(): void {
    this.#runs = [];
    this.#size = 0;
  }

  /**
   * Takes a sample for a feeder: of the region that it read last, else of one that no other has
   * read last.
   *
   * @param feeder Its number.
   * @param mayShare Whether it may take one of another's region, which it must read anew then.
   */
  take(feeder: number, mayShare: boolean): LeasedSample | null {
    const own = this.#last.get(feeder);
    const others = new Set(this.#last.entries().filter(([i]) => i !== feeder).map(([, r]) => r));
    const isFree = ({ region }: Run) => region === null || !others.has(region);
    const run = this.#runs.find(({ region }) => region !== null && region === own) ??
      this.#runs.find(isFree) ?? (mayShare ? this.#runs[0] : undefined);
    return run === undefined ? null : this.#takeOf(run, feeder);
  }

  #takeOf(run: Run, feeder: number): LeasedSample | null {
    const sample = run.samples[run.next++] ?? null;
    if (run.next >= run.samples.length) this.#runs = this.#runs.filter((other) => other !== run);
    if (run.region !== null) this.#last.set(feeder, run.region);
    this.#size--;
    return sample;
  }
}

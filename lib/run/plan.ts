/**
 * Planning: the source's samples into the ledger, each with its split, position and shard.
 * Once planned, nothing about a run's content depends on time or on the number of workers.
 *
 * @module
 */
import { type DurationLimits, filterReason } from "../audio/limits.ts";
import { writePart } from "../audio/part.ts";
import { UsageError } from "../errors.ts";
import type { Source, SourceSample } from "../sources/source.ts";
import { splitOf } from "../split.ts";
import type { Ledger } from "./ledger.ts";
import { inspectAudio, type PlannedAudio } from "./planned_audio.ts";
import { INDICES, SPLITS, STATE } from "./schema.ts";

/** What of the config decides the plan. */
export interface PlanOptions extends DurationLimits {
  /** Share of samples in validation, 0 to 1. */
  readonly valRatio: number;
  /** What the split is made by. */
  readonly splitBy: "id" | "speaker" | "text";
  /** Samples a shard. */
  readonly shardSize: number;
  /** Stop listing after this many samples; null for all. */
  readonly maxSamples: number | null;
  /** Padded length of so many seconds in units of the stage's own; 0 if it does not matter. */
  readonly lengthOf: (seconds: number) => number;
  /** Called now and then with the number of samples listed so far. */
  readonly onListed?: (count: number) => void;
  /** Aborted to give planning up. */
  readonly signal?: AbortSignal;
}

/** Samples of other splits follow at this distance, so that one number names a shard. */
const SHARDS_PER_SPLIT = 1_000_000_000;

const INSERT = `INSERT INTO sample VALUES (${"?, ".repeat(18)}?)`;
const COMMIT_EVERY = 20_000;

/**
 * Writes the plan of a run into its empty ledger, and marks it planned.
 *
 * @returns Whether it came to its end; false if `signal` was aborted.
 * @throws {UsageError} If an id occurs twice, or a sample lacks what the split is made by.
 */
export async function planRun(
  ledger: Ledger,
  source: Source,
  options: PlanOptions,
): Promise<boolean> {
  const planner = new Planner(ledger, options);
  // Until the plan is marked as such nobody relies on it, so it need not survive a power cut.
  const synchronous = ledger.get<{ synchronous: number }>("PRAGMA synchronous")?.synchronous ?? 2;
  ledger.exec("PRAGMA synchronous = OFF; BEGIN");
  try {
    for await (const item of source.list()) {
      if (options.signal?.aborted) {
        ledger.exec("ROLLBACK");
        return false;
      }
      if (options.maxSamples !== null && planner.count >= options.maxSamples) {
        break;
      }
      if (item.kind === "reject") {
        planner.reject(item.id, item.place, item.detail);
      } else if (item.kind === "sample") planner.add(item.sample);
    }
    planner.writeShards();
    ledger.exec("COMMIT");
    indexPlan(ledger);
  } catch (error) {
    try {
      ledger.exec("ROLLBACK");
    } catch { /* No transaction is open when building the indices failed. */ }
    throw error;
  }
  ledger.exec("PRAGMA synchronous = FULL");
  ledger.setMeta("planned_seconds", String(planner.seconds));
  // The plan reaches the disk before the mark that says so.
  ledger.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  ledger.setMeta("planned", String(planner.count));
  ledger.exec(`PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = ${synchronous}`);
  return true;
}

/** Whether `planRun` came to its end on this ledger. */
export function isPlanned(ledger: Ledger): boolean {
  return ledger.meta("planned") !== undefined;
}

function indexPlan(ledger: Ledger): void {
  const twice = "SELECT id FROM sample GROUP BY id HAVING COUNT(*) > 1 LIMIT 1";
  try {
    ledger.exec(INDICES);
  } catch (error) {
    const duplicate = ledger.get<{ id: string }>(twice);
    if (duplicate === undefined) throw error;
    const places = ledger.all<{ place: string }>(
      "SELECT place FROM sample WHERE id = ? LIMIT 2",
      duplicate.id,
    );
    throw new UsageError(
      `Cannot plan the run: the id '${duplicate.id}' stands at ${
        places.map((row) => `'${row.place}'`).join(" and ")
      }: ` +
        "give every sample an id of its own",
    );
  }
}

interface ShardPlan {
  planned: number;
  first: number;
  last: number;
}

class Planner {
  count = 0;
  /** Seconds of audio, as far as they are known. */
  seconds = 0;
  #ledger: Ledger;
  #options: PlanOptions;
  #positions = SPLITS.map(() => 0);
  #shards = SPLITS.map((): ShardPlan[] => []);

  constructor(ledger: Ledger, options: PlanOptions) {
    this.#ledger = ledger;
    this.#options = options;
  }

  add(sample: SourceSample): void {
    const idx = this.count++;
    const split = SPLITS.indexOf(splitOf(this.#splitKey(sample), this.#options.valRatio));
    const position = this.#positions[split] ?? 0;
    this.#positions[split] = position + 1;
    const number = Math.floor(position / this.#options.shardSize);
    this.#countIntoShard(split, number, idx);

    const audio = inspectAudio(sample);
    this.seconds += audio.duration ?? 0;
    const length = audio.duration === null ? 0 : this.#options.lengthOf(audio.duration);
    const { id, place, text, speaker, language, start, end, origin = 0 } = sample;
    const part = sample.part === undefined ? null : writePart(sample.part);
    this.#ledger.run(
      INSERT,
      ...[idx, id, place, sample.audio, part, origin, text, speaker, language, start, end],
      ...[audio.duration, audio.size, audio.mtime, split, position, shardKey(split, number)],
      ...[length, this.#judge(idx, audio)],
    );
    if (this.count % COMMIT_EVERY === 0) this.#pause();
  }

  reject(id: string | null, place: string, detail: string): void {
    this.#ledger.run(
      "INSERT INTO reject (id, place, detail) VALUES (?, ?, ?)",
      id,
      place,
      detail,
    );
  }

  /** The state in which a sample begins; notes why, if it is not to be done. */
  #judge(idx: number, { failure, duration }: PlannedAudio): number {
    if (failure !== null) {
      const sql = "INSERT INTO failure VALUES (?, 'plan', ?, ?, 1)";
      this.#ledger.run(sql, idx, failure.reason, failure.detail);
      return STATE.quarantined;
    }
    const filter = filterReason(duration, this.#options);
    if (filter === null) return STATE.pending;
    this.#ledger.run("INSERT INTO filtered VALUES (?, ?)", idx, filter);
    return STATE.filtered;
  }

  writeShards(): void {
    this.#shards.forEach((shards, split) =>
      shards.forEach(({ planned, first, last }, number) =>
        this.#ledger.run(
          "INSERT INTO shard (shard, split, number, planned, first, last) VALUES (?, ?, ?, ?, ?, ?)",
          ...[shardKey(split, number), split, number, planned, first, last],
        )
      )
    );
  }

  #splitKey(sample: SourceSample): string {
    const by = this.#options.splitBy;
    const key = sample[by];
    if (key !== null) return key;
    // With nothing in validation, or nothing in train, the key decides nothing.
    if (this.#options.valRatio <= 0 || this.#options.valRatio >= 1) {
      return sample.id;
    }
    throw new UsageError(
      `Cannot split by ${by}: sample '${sample.id}' at '${sample.place}' has no ${by}: ` +
        `give it one, or use '--split-by id'`,
    );
  }

  #countIntoShard(split: number, number: number, idx: number): void {
    const shards = this.#shards[split] ?? [];
    const shard = shards[number];
    if (shard === undefined) shards.push({ planned: 1, first: idx, last: idx });
    else {
      shard.planned++;
      shard.last = idx;
    }
  }

  #pause(): void {
    this.#ledger.exec("COMMIT; BEGIN");
    this.#options.onListed?.(this.count);
  }
}

function shardKey(split: number, number: number): number {
  return split * SHARDS_PER_SPLIT + number;
}

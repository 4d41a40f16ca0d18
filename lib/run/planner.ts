/**
 * The plan as it is written: an item of the source after the other, into the ledger.
 *
 * @module
 */
import { type DurationLimits, filterReason } from "../audio/limits.ts";
import { writePart } from "../audio/part.ts";
import { UsageError } from "../errors.ts";
import type { SourceItem, SourceSample } from "../sources/source.ts";
import { splitOf } from "../split.ts";
import type { Ledger } from "./ledger.ts";
import type { PlanOptions } from "./plan.ts";
import { AudioInspector, type PlannedAudio } from "./planned_audio.ts";
import { PlannedBlocks } from "./planned_blocks.ts";
import { SPLITS, STATE } from "./schema.ts";

/** Samples of other splits follow at this distance, so that one number names a shard. */
const SHARDS_PER_SPLIT = 1_000_000_000;

const INSERT = `INSERT INTO sample VALUES (${"?, ".repeat(18)}?)`;
const COMMIT_EVERY = 20_000;

interface ShardPlan {
  planned: number;
  first: number;
  last: number;
}

/** Writes items into a ledger in which a transaction is open. */
export class Planner {
  /** Samples so far. */
  count = 0;
  /** Seconds of audio, as far as they are known. */
  seconds = 0;
  /** Rows that a column filter left out. */
  excluded = 0;
  /** Rows that cannot be samples. */
  rejected = 0;
  #ledger: Ledger;
  #options: PlanOptions;
  #positions = SPLITS.map(() => 0);
  #shards = SPLITS.map((): ShardPlan[] => []);
  #audio = new AudioInspector();
  #blocks = new PlannedBlocks();
  #origins: number;

  constructor(ledger: Ledger, options: PlanOptions) {
    this.#ledger = ledger;
    this.#options = options;
    this.#origins = options.origins?.length ?? 0;
  }

  /** @throws {UsageError} If a sample lacks what the split is made by. */
  take(item: SourceItem): void {
    if (item.kind === "sample") this.#add(item.sample);
    else if (item.kind === "excluded") this.excluded += item.count;
    else this.#reject(item.id, item.place, item.detail);
  }

  /** Writes what is known only when all samples are. */
  finish(): void {
    this.#shards.forEach((shards, split) =>
      shards.forEach(({ planned, first, last }, number) =>
        this.#ledger.run(
          "INSERT INTO shard (shard, split, number, planned, first, last) VALUES (?, ?, ?, ?, ?, ?)",
          ...[shardKey(split, number), split, number, planned, first, last],
        )
      )
    );
    for (let origin = 0; origin < this.#origins; origin++) {
      const { minSeconds, maxSeconds } = this.#limitsOf(origin);
      this.#ledger.run("INSERT INTO origin VALUES (?, ?, ?)", origin, minSeconds, maxSeconds);
    }
    this.#blocks.write(this.#ledger);
  }

  #add(sample: SourceSample): void {
    const idx = this.count++;
    const split = SPLITS.indexOf(splitOf(this.#splitKey(sample), this.#options.valRatio));
    const position = this.#positions[split] ?? 0;
    this.#positions[split] = position + 1;
    const number = Math.floor(position / this.#options.shardSize);
    this.#countIntoShard(split, number, idx);

    const audio = this.#audio.inspect(sample);
    this.seconds += audio.duration ?? 0;
    const length = audio.duration === null ? 0 : this.#options.lengthOf(audio.duration);
    const { id, place, text, speaker, language, start, end, origin = 0 } = sample;
    const part = sample.part === undefined ? null : writePart(sample.part);
    this.#origins = Math.max(this.#origins, origin + 1);
    if (sample.isDeferred && sample.audio !== null) this.#blocks.count(sample.audio, origin, idx);
    this.#ledger.run(
      INSERT,
      ...[idx, id, place, sample.audio, part, origin, text, speaker, language, start, end],
      ...[audio.duration, audio.size, audio.mtime, split, position, shardKey(split, number)],
      ...[length, this.#judge(idx, origin, audio)],
    );
    if (this.count % COMMIT_EVERY === 0) this.#pause();
  }

  #reject(id: string | null, place: string, detail: string): void {
    this.rejected += 1;
    this.#ledger.run(
      "INSERT INTO reject (id, place, detail) VALUES (?, ?, ?)",
      id,
      place,
      detail,
    );
  }

  /** The state in which a sample begins; notes why, if it is not to be done. */
  #judge(idx: number, origin: number, { failure, duration }: PlannedAudio): number {
    if (failure !== null) {
      const sql = "INSERT INTO failure VALUES (?, 'plan', ?, ?, 1)";
      this.#ledger.run(sql, idx, failure.reason, failure.detail);
      return STATE.quarantined;
    }
    const filter = filterReason(duration, this.#limitsOf(origin));
    if (filter === null) return STATE.pending;
    this.#ledger.run("INSERT INTO filtered VALUES (?, ?)", idx, filter);
    return STATE.filtered;
  }

  #limitsOf(origin: number): DurationLimits {
    const { origins = [], minSeconds, maxSeconds } = this.#options;
    const own = origins[origin];
    return {
      minSeconds: own?.minSeconds ?? minSeconds,
      maxSeconds: own?.maxSeconds ?? maxSeconds,
    };
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

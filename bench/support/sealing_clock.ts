/**
 * How long shards take to seal.
 *
 * @module
 */
import type { RunEvent } from "../../lib/run/events.ts";
import type { ShardFormat, ShardTarget, ShardWriter } from "../../lib/shards/format.ts";
import { cpuSeconds } from "./process_figures.ts";

/**
 * Watches a format: from the beginning of a shard, which is written under a temporary name, until
 * the event tells that it is sealed. Rows are read from the ledger and made within, the file and its
 * folder are synced, and the outputs dropped from the ledger. What else the process does meanwhile
 * counts as well.
 */
export class SealingClock {
  /** All shards together, by the clock. */
  seconds = 0;
  /** CPU time of the whole process meanwhile. */
  cpu = 0;
  #start: readonly [clock: number, cpu: number] = [0, 0];

  /** The format, watched. */
  watch(format: ShardFormat): ShardFormat {
    const create = (target: ShardTarget): ShardWriter => {
      this.#start = [performance.now(), cpuSeconds().own];
      return format.create(target);
    };
    return { ...format, create };
  }

  /** To be told of every event. */
  onEvent(event: RunEvent): void {
    if (event.type !== "sealed") return;
    const [clock, cpu] = this.#start;
    this.seconds += (performance.now() - clock) / 1000;
    this.cpu += cpuSeconds().own - cpu;
  }
}

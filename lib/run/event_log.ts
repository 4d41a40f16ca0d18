/**
 * `events.jsonl`: what happened in a run, one JSON line an event, with its time. Leases and
 * batches are summed up by worker every ten seconds: in lines of their own they would come to a
 * gigabyte in ten million samples.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { RunEvent } from "./events.ts";
import { EventTally, type WorkerTally } from "./event_tally.ts";

/** Progress comes every second; the log keeps one line in so many milliseconds. */
const PROGRESS_EVERY = 10_000;
const FLUSH_EVERY = 500;

/** Appends events to a file. It is a log: losing its last half second in a crash loses no data. */
export class EventLog implements Disposable {
  #file: Deno.FsFile;
  #clock: Clock;
  #lines: string[] = [];
  #lastProgress = -Infinity;
  #tally = new EventTally();
  #timer: Disposable;

  constructor(path: string, clock: Clock) {
    this.#file = Deno.openSync(path, { append: true, create: true });
    this.#clock = clock;
    this.#timer = clock.every(FLUSH_EVERY, () => this.#flush());
  }

  add(event: RunEvent): void {
    if (this.#tally.count(event)) return;
    if (event.type === "progress") {
      const now = this.#clock.now();
      if (now - this.#lastProgress < PROGRESS_EVERY) return;
      this.#lastProgress = now;
      this.#addTally();
    }
    this.#add(event);
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#addTally();
    this.#flush();
    this.#file.close();
  }

  #addTally(): void {
    for (const tally of this.#tally.take()) this.#add(tally);
  }

  #add(line: RunEvent | WorkerTally): void {
    const at = new Date(this.#clock.now()).toISOString();
    this.#lines.push(JSON.stringify({ at, ...line }));
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    const bytes = new TextEncoder().encode(`${this.#lines.join("\n")}\n`);
    this.#lines = [];
    try {
      let written = 0;
      while (written < bytes.length) written += this.#file.writeSync(bytes.subarray(written));
    } catch {
      // A full disk must not end a run through its log; the data's own writes report it.
    }
  }
}

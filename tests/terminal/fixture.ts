/** A terminal and a clock that tests hold in their hands. */
import type { Clock } from "../../lib/clock.ts";
import type { Progress, WorkerView } from "../../lib/run/events.ts";
import type { Output } from "../../lib/terminal/output.ts";

/** Keeps what is written, and shows it as a terminal would. */
export class FakeTerminal implements Output {
  written = "";
  readonly isTerminal: boolean;
  readonly hasColour = false;
  columns = 80;
  rows = 24;

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  write(text: string): void {
    this.written += text;
  }

  size(): { columns: number; rows: number } {
    return { columns: this.columns, rows: this.rows };
  }

  get cursorIsHidden(): boolean {
    return this.written.lastIndexOf("\x1b[?25l") > this.written.lastIndexOf("\x1b[?25h");
  }

  /** The lines that stand on the screen, by the few control sequences that are used. */
  screen(): string[] {
    const lines: string[] = [""];
    let row = 0;
    let column = 0;
    for (const [token, digits = "", letter] of this.written.matchAll(TOKENS)) {
      const line = lines[row] ?? "";
      if (letter === "A") row -= Number(digits);
      else if (letter === "J") lines.splice(row, Infinity, line.slice(0, column));
      else if (letter === "K") lines[row] = line.slice(0, column);
      else if (token === "\r") column = 0;
      else if (token === "\n") {
        lines[++row] ??= "";
        column = 0;
      } else if (letter === undefined) {
        lines[row] = line.slice(0, column) + token + line.slice(column + 1);
        column++;
      }
    }
    return lines;
  }
}

/** A control sequence with its number and letter, or one letter. */
const TOKENS = /\p{Cc}\[\??(\d*)([A-Za-z])|./gsu;

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  #now = 0;
  #timers = new Set<{ readonly every: number; next: number; readonly tick: () => void }>();

  now(): number {
    return this.#now;
  }

  every(milliseconds: number, tick: () => void): Disposable {
    const timer = { every: milliseconds, next: this.#now + milliseconds, tick };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => this.#timers.delete(timer) };
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  get timers(): number {
    return this.#timers.size;
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (const timer of this.#timers) {
      while (timer.next <= end) {
        this.#now = timer.next;
        timer.next += timer.every;
        timer.tick();
      }
    }
    this.#now = end;
  }
}

/** A run half done. */
export function progressOf(change: Partial<Progress> = {}): Progress {
  return {
    type: "progress",
    total: 1000,
    done: 498,
    quarantined: 2,
    filtered: 0,
    audioSeconds: 4500,
    rate: 87.34,
    etaSeconds: 200,
    shardsSealed: 1,
    shards: 3,
    workers: [workerOf({ name: "cpu:0" }), workerOf({ name: "cpu:1", waiting: "decode" })],
    bottleneck: "model",
    ...change,
  };
}

/** A worker at work. */
export function workerOf(change: Partial<WorkerView> = {}): WorkerView {
  return {
    name: "cpu:0",
    state: "working",
    samples: 249,
    audioSeconds: 2250,
    rate: 43.67,
    queued: 3,
    resident: 212e6,
    waiting: "model",
    ...change,
  };
}

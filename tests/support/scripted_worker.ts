/** Workers without a process: a script decides how each answers, dies or hangs. */
import { Channel } from "../../lib/run/channel.ts";
import type { WorkerExit, WorkerProcess, WorkerSpawner } from "../../lib/run/worker_process.ts";
import { parseCommand, type WorkerMessage } from "../../lib/protocol/messages.ts";
import { TEST_MODEL } from "./test_job.ts";

/** What a script can do. */
export interface WorkerControl {
  /** Starts of workers so far, this one included. */
  readonly start: number;
  readonly name: string;
  send(message: WorkerMessage): void;
  /** Writes whatever, protocol or not. */
  print(line: string): void;
  /** Answers a sample as the stage `none` does. */
  answer(index: number): void;
  die(exit: WorkerExit): void;
  /** Dies as a worker does that is killed from outside. */
  kill(): void;
}

/** Called for every leased sample, in order; answers, or does not. */
export type WorkerScript = (index: number, worker: WorkerControl) => void;

/** The usual script: every sample is answered. */
export const answerAll: WorkerScript = (index, worker) => worker.answer(index);

/** Spawns scripted workers. */
export function scriptedSpawner(
  script: WorkerScript,
  onStart?: (worker: WorkerControl) => void,
): WorkerSpawner {
  let starts = 0;
  return {
    spawn: (name) => new ScriptedWorker(name, ++starts, script, onStart ?? greet),
  };
}

/** Says `ready`, as a worker does whose model is loaded. */
export function greet(worker: WorkerControl): void {
  worker.send({ type: "ready", device: "cpu", provider: "cpu", memory: null, model: TEST_MODEL });
}

class ScriptedWorker implements WorkerProcess, WorkerControl {
  readonly pid = 1;
  readonly name: string;
  readonly start: number;
  readonly exited: Promise<WorkerExit>;
  #lines = new Channel<string[]>();
  #exit = Promise.withResolvers<WorkerExit>();
  #script: WorkerScript;
  #onStart: (worker: WorkerControl) => void;
  #dead = false;

  constructor(
    name: string,
    start: number,
    script: WorkerScript,
    onStart: (worker: WorkerControl) => void,
  ) {
    this.name = name;
    this.start = start;
    this.exited = this.#exit.promise;
    this.#script = script;
    this.#onStart = onStart;
  }

  get lines(): AsyncIterable<string[]> {
    return this.#lines;
  }

  send(message: string | WorkerMessage): void {
    if (typeof message !== "string") return this.print(JSON.stringify(message));
    if (this.#dead) return;
    const command = parseCommand(message);
    // In a turn of its own, as an answer from another process would come.
    queueMicrotask(() => {
      if (this.#dead) return;
      if (command.type === "init") this.#onStart(this);
      else if (command.type === "stop") this.die({ code: 0, signal: null });
      else for (const index of command.indices) if (!this.#dead) this.#script(index, this);
    });
  }

  print(line: string): void {
    if (!this.#dead) this.#lines.push([line]);
  }

  answer(index: number): void {
    const milliseconds = { prepare: 0, run: 0 };
    this.send({ type: "result", index, status: "ok", output: { index }, seconds: 1, milliseconds });
  }

  die(exit: WorkerExit): void {
    this.#dead = true;
    this.#lines.close();
    this.#exit.resolve(exit);
  }

  kill(): void {
    this.die({ code: 137, signal: "SIGKILL" });
  }

  logTail(): string {
    return `log of ${this.name}, start ${this.start}`;
  }
}

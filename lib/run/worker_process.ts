/**
 * One worker subprocess, as the supervisor sees it. Tests put a scripted one in its place.
 *
 * @module
 */
import type { Device } from "../devices.ts";

/** How a worker ended. */
export interface WorkerExit {
  readonly code: number;
  /** `SIGKILL`, `SIGSEGV`; null if it ended by itself. */
  readonly signal: string | null;
}

/** A running worker. */
export interface WorkerProcess {
  readonly pid: number;
  /** Its standard output, line by line; ends when the process does. */
  readonly lines: AsyncIterable<string[]>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<WorkerExit>;
  /** Sends a line. A worker that is already gone is no error: `exited` tells. */
  send(line: string): void;
  /** Ends it at once. */
  kill(): void;
  /** The last lines of its log, for error messages. */
  logTail(): string;
}

/** Starts workers. */
export interface WorkerSpawner {
  spawn(name: string, device: Device): WorkerProcess;
}

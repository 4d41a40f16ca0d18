/**
 * Tells people what happens in a run.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Wait } from "../hub/back_off.ts";
import type { UploadEvent } from "../hub/upload/events.ts";
import type { EncodeEvent } from "../encoding/events.ts";
import type { Progress, RunEvent } from "../run/events.ts";
import { colour } from "./colour.ts";
import { convertingText, fetchingText } from "./converting_text.ts";
import { formatCount, formatDuration, formatNumberOf } from "./format.ts";
import { progressText, renderFrame } from "./frame.ts";
import type { Output } from "./output.ts";
import { uploadingText } from "./uploading_text.ts";
import { openView, type View } from "./view.ts";
import { printable } from "./width.ts";

/** How a run is told. */
export interface ReporterOptions {
  readonly output: Output;
  readonly clock: Clock;
  /** Tell of retries, workers and shards too. @default {false} */
  readonly verbose?: boolean;
}

/** Quarantined samples are named up to here, then only counted: there may be millions. */
const MAX_NAMED = 10;

/** Draws progress and prints what matters above it. */
export class RunReporter implements Disposable {
  #output: Output;
  #verbose: boolean;
  #view: View;
  #progress: Progress | null = null;
  /** What is uploaded beside the run. */
  #uploading: string | null = null;
  #quarantined = 0;
  #isStopping = false;

  constructor(options: ReporterOptions) {
    this.#output = options.output;
    this.#verbose = options.verbose ?? false;
    this.#view = openView(options.output, options.clock);
  }

  report(event: EncodeEvent): void {
    switch (event.type) {
      case "progress":
        this.#progress = event;
        return this.#draw();
      case "converting":
        return this.#showLine(convertingText(event));
      case "fetching":
        return this.#showLine(fetchingText(event));
      case "planning":
        return this.#planning(event.source, event.listed);
      case "planned":
        return this.#print(plannedText(event), event.samples === 0 ? "yellow" : undefined);
      case "settings":
        return this.#print(event.message);
      case "notice":
        return this.#print(event.message, "bold");
      case "warning":
        return this.#warn(event.message);
      case "waiting":
        return this.#warn(waitingText(event));
      case "quarantined":
        return this.#quarantine(event.id, event.reason, event.detail);
      case "worker_exited":
        return this.#warn(`Worker ${event.worker} ${event.cause}${triedAgain(event.unanswered)}`);
      case "worker_retired":
        return this.#warn(`Worker ${event.worker} is given up: ${event.cause}`);
      case "saved":
        // The summary tells.
        return;
      case "upload":
        return this.#upload(event.repository, event.event);
      case "stopping":
        return this.stopping();
      default:
        if (this.#verbose) this.#detail(event);
    }
  }

  /** Says once that the run is being stopped; the planning hears of it late. */
  stopping(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#print(
      "Stopping: batches in flight finish, complete shards are sealed; Ctrl-C again stops at once",
      "yellow",
    );
  }

  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
  }

  #planning(source: string, listed: number): void {
    if (listed === 0) return this.#print(`Listing ${source}`);
    this.#showLine(`${formatNumberOf(listed, "sample")} so far of ${printable(source)}`);
  }

  #showLine(text: string): void {
    this.#view.show({ lines: () => [text], text });
  }

  #quarantine(id: string, reason: string, detail: string): void {
    this.#quarantined++;
    if (this.#quarantined <= MAX_NAMED || this.#verbose) {
      this.#warn(`Quarantined '${id}' (${reason}): ${detail}`);
    }
    if (this.#quarantined === MAX_NAMED && !this.#verbose) {
      this.#warn("Further quarantined samples are counted here and listed in 'failed.jsonl'");
    }
  }

  /** The workers, and below them what is uploaded meanwhile. */
  #draw(): void {
    const progress = this.#progress;
    const below = this.#uploading === null ? [] : [this.#uploading];
    this.#view.show({
      lines: (columns, rows) => {
        const room = Math.min(16, rows - 1 - below.length);
        return [...progress === null ? [] : renderFrame(progress, columns, room), ...below];
      },
      text: [...progress === null ? [] : [progressText(progress)], ...below].join("  "),
    });
  }

  #upload(repository: string, event: UploadEvent): void {
    const text = uploadingText(event);
    if (text !== null || event.type === "finished") {
      this.#uploading = text === null ? null : `Upload: ${text}`;
      this.#draw();
    } else if (event.type === "warning") this.#warn(event.message);
    else if (event.type === "committed") {
      this.#print(`Uploaded ${formatNumberOf(event.files, "file")} to '${repository}'`);
    } else if (event.type === "retry" && this.#verbose) {
      this.#print(`Trying the upload again: ${event.reason}`);
    }
  }

  #detail(event: EncodeEvent): void {
    if (event.type === "retry") {
      this.#print(`Trying '${event.id}' again (${event.reason}): ${event.detail}`);
    } else if (event.type === "worker_ready") {
      this.#print(`Worker ${event.worker} is ready on ${event.device} (${event.provider})`);
    } else if (event.type === "block") {
      this.#print(`Brought '${event.path}' here in ${(event.milliseconds / 1000).toFixed(1)} s`);
    } else if (event.type === "sealed" && event.path !== null) {
      this.#print(`Sealed ${event.path} with ${formatNumberOf(event.rows, "row")}`);
    }
  }

  #warn(message: string): void {
    this.#print(message, "yellow");
  }

  #print(message: string, tint?: "bold" | "yellow" | undefined): void {
    // Line by line, so that a message of several lines cannot break the picture.
    for (const line of message.split("\n")) {
      const text = printable(line);
      this.#view.print(tint === undefined ? text : colour(this.#output, tint, text));
    }
  }
}

function plannedText(event: Extract<RunEvent, { type: "planned" }>): string {
  const { samples, pending, shards, resumed, quarantined, excluded } = event;
  const refused = quarantined === 0 ? "" : `, ${formatCount(quarantined)} already quarantined`;
  const without = excluded === 0
    ? ""
    : `, ${formatNumberOf(excluded, "row")} excluded by column filters`;
  const all = `${formatNumberOf(samples, "sample")} in ${formatNumberOf(shards, "shard")}`;
  return resumed
    ? `Going on with ${all}: ${formatCount(pending)} left${refused}`
    : `Planned ${all}${refused}${without}`;
}

function waitingText({ milliseconds, reason }: Wait): string {
  return `Waiting ${formatDuration(milliseconds / 1000)} before the next attempt: ${reason}`;
}

function triedAgain(unanswered: number): string {
  return unanswered === 0
    ? ""
    : `; ${formatNumberOf(unanswered, "unanswered sample")} will be tried again`;
}

/**
 * The picture of a run at work: a line a worker, and a total.
 *
 * @module
 */
import type { Progress, WorkerView } from "../run/events.ts";
import {
  formatAudio,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatPercent,
  formatRate,
} from "./format.ts";
import { truncate } from "./width.ts";

/** Beyond so many workers the rest is one line. */
const MAX_WORKER_LINES = 16;
const BAR_COLUMNS = 20;
/** With less room than this beside the figures there is no bar. */
const MIN_BAR_COLUMNS = 8;

const WAITS = {
  lease: "waits for samples",
  decode: "waits for audio",
  model: "waits for the model",
  nothing: "",
} as const;

/**
 * The live view of a run.
 *
 * @param columns Width of the terminal; no line is wider.
 * @param maxWorkers Lines for workers at most. @default {16}
 * @returns A line a worker, then the total.
 */
export function renderFrame(
  progress: Progress,
  columns: number,
  maxWorkers: number = MAX_WORKER_LINES,
): string[] {
  const { workers } = progress;
  const shown = workers.length <= maxWorkers
    ? workers
    : workers.slice(0, Math.max(0, maxWorkers - 1));
  const lines = alignColumns(shown.map(workerCells));
  const hidden = workers.length - shown.length;
  if (hidden > 0) {
    const rate = workers.slice(shown.length).reduce((sum, worker) => sum + worker.rate, 0);
    lines.push(`and ${formatNumberOf(hidden, "more worker")}: ${formatRate(rate)} audio s/s`);
  }
  const text = progressText(progress);
  const room = Math.min(BAR_COLUMNS, columns - text.length - "[] ".length);
  const bar = room >= MIN_BAR_COLUMNS ? `${renderBar(progress, room)} ` : "";
  return [...lines, bar + text].map((line) => truncate(line, columns));
}

/** Where a run stands, in one line of any width; what a log gets. */
export function progressText(progress: Progress): string {
  const { total, quarantined, filtered, audioSeconds, rate, etaSeconds } = progress;
  const settled = settledSamples(progress);
  const left = settled >= total
    ? null
    : etaSeconds === null
    ? "ETA unknown"
    : `ETA ${formatDuration(etaSeconds)}`;
  const parts = [
    formatPercent(settled, total),
    `${formatCount(settled)} of ${formatNumberOf(total, "sample")}`,
    left,
    `${formatRate(rate)} audio s/s`,
    formatAudio(audioSeconds),
    quarantined === 0 ? null : `${formatCount(quarantined)} quarantined`,
    filtered === 0 ? null : `${formatCount(filtered)} filtered`,
    `${formatCount(progress.shardsSealed)}/${formatNumberOf(progress.shards, "shard")}`,
    bottleneckText(progress.bottleneck),
  ];
  return parts.filter((part) => part !== null).join("  ");
}

function bottleneckText(bottleneck: Progress["bottleneck"]): string | null {
  if (bottleneck === "nothing") return null;
  return `bottleneck: ${bottleneck === "decode" ? "decoding" : bottleneck}`;
}

function settledSamples({ done, quarantined, filtered }: Progress): number {
  return done + quarantined + filtered;
}

function renderBar(progress: Progress, columns: number): string {
  const share = progress.total === 0 ? 1 : settledSamples(progress) / progress.total;
  const full = Math.max(0, Math.min(columns, Math.floor(columns * share)));
  return `[${"#".repeat(full)}${"-".repeat(columns - full)}]`;
}

/** The most telling figures first: what does not fit is cut off at the end. */
function workerCells(worker: WorkerView): string[] {
  const { name, state, samples, rate, queued, resident, waiting } = worker;
  const what = state === "working" ? WAITS[waiting] || state : state;
  return [
    name,
    `${formatNumberOf(samples, "sample")}`,
    `${formatRate(rate)} audio s/s`,
    `${formatCount(queued)} queued`,
    what,
    resident > 0 ? formatBytes(resident) : "",
  ];
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => widths[i] = Math.max(widths[i] ?? 0, cell.length));
  }
  // Names and words stand left, figures right.
  const isFigure = (i: number) => i === 1 || i === 2 || i === 3 || i === 5;
  return rows.map((row) =>
    row.map((cell, i) => isFigure(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))
      .join("  ").trimEnd()
  );
}

/**
 * How a run ended, in words.
 *
 * @module
 */
import type { Summary } from "../run/summary.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatHours,
  formatNumberOf,
  formatRate,
} from "./format.ts";
import { fold } from "./width.ts";

/** Columns of the longest name of a figure. */
const NAME_WIDTH = 12;

/** What the summary tells beyond the run's own figures. */
export interface SummaryContext {
  /** The run directory, as the user may name it. */
  readonly directory: string;
  /** Columns of the terminal, to break lines at; Infinity for a pipe. */
  readonly columns: number;
  /** What to know about the model and the data. */
  readonly notices?: readonly string[];
  /** Where else the finished dataset is: the folder of `save_local`. @default {null} */
  readonly saved?: string | null;
  /** Where people see what was uploaded. @default {null} */
  readonly uploaded?: string | null;
  /** How this session went; null where it did nothing. */
  readonly session: { readonly wallSeconds: number; readonly audioSeconds: number } | null;
}

/** The figures of a run, a line each. */
export function summaryLines(summary: Summary, context: SummaryContext): string[] {
  const { session, saved = null, uploaded = null } = context;
  const rows: [string, string][] = [
    ["samples", samplesText(summary)],
    ["audio", `${formatHours(summary.audioSeconds)} hours`],
  ];
  if (session !== null && session.audioSeconds > 0) {
    const rate = formatRate(session.audioSeconds / session.wallSeconds);
    rows.push(["speed", `${rate} audio seconds per second, ${timeText(session.wallSeconds)}`]);
  }
  rows.push(
    ["tokens", `${formatCount(summary.tokens)}${summary.finished ? "" : " in sealed shards"}`],
    ["shards", shardsText(summary)],
    ["quarantined", quarantinedText(summary)],
  );
  if (summary.filtered > 0) {
    rows.push(["filtered", `${formatCount(summary.filtered)}${tally(summary.filters)}`]);
  }
  if (summary.excluded > 0) {
    rows.push(["excluded", `${formatCount(summary.excluded)} by column filters`]);
  }
  rows.push(["files", context.directory]);
  if (saved !== null) rows.push(["saved", saved]);
  if (uploaded !== null) rows.push(["uploaded", uploaded]);
  for (const notice of context.notices ?? []) rows.push(["note", notice]);
  return rows.flatMap(([name, value]) =>
    fold(`  ${name.padEnd(NAME_WIDTH)} ${value}`, context.columns, NAME_WIDTH + 3)
  );
}

/** `Done`, `Done, with 3 quarantined samples` or `Stopped with 12 samples left`. */
export function outcomeText(summary: Summary): string {
  const { finished, pending, quarantined } = summary;
  if (!finished && summary.samples === 0) return "Stopped while listing the samples";
  if (!finished) return `Stopped with ${formatNumberOf(pending, "sample")} left`;
  return quarantined === 0
    ? "Done"
    : `Done, with ${formatNumberOf(quarantined, "quarantined sample")}`;
}

function samplesText({ finished, samples, done, splits }: Summary): string {
  // Rows are known of sealed shards alone.
  const parts = splits.map(({ name, rows }) => `${formatCount(rows)} ${name}`);
  const all = finished && parts.length > 1 ? ` (${parts.join(", ")})` : "";
  return `${formatCount(done)} of ${formatCount(samples)} done${all}`;
}

function shardsText({ shards, shardsSealed, bytes }: Summary): string {
  const sealed = shardsSealed === shards
    ? formatCount(shards)
    : `${formatCount(shardsSealed)} of ${formatCount(shards)} sealed`;
  return `${sealed}, ${formatBytes(bytes)}`;
}

function quarantinedText({ quarantined, reasons }: Summary): string {
  if (quarantined === 0) return "none";
  return `${formatCount(quarantined)}${tally(reasons)}; each is in failed.jsonl`;
}

function tally(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([reason, n]) => `${formatCount(n)} ${reason}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

function timeText(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : formatDuration(seconds);
}

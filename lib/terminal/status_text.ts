/**
 * How a run stands, in words.
 *
 * @module
 */
import type { FailureGroup, RunStatus } from "../status.ts";
import { formatNumberOf } from "./format.ts";
import { renderFrame } from "./frame.ts";
import { summaryLines } from "./summary_text.ts";
import { fold, printable, truncate } from "./width.ts";

/**
 * What `speechmill status` prints.
 *
 * @param columns Width of the terminal; Infinity for a pipe.
 */
export function statusLines(status: RunStatus, columns: number): string[] {
  const { directory, summary, session, progress, failures } = status;
  const lines = [stateText(status), ...summaryLines(summary, { directory, session, columns })];
  if (status.state === "running" && progress !== null) {
    lines.push(`Workers at ${progress.at}:`);
    const frame = renderFrame(progress, columns - 2).map((line) => `  ${line}`);
    lines.push(...frame.map((line) => truncate(printable(line), columns)));
  }
  if (failures.length > 0) lines.push("Quarantined:");
  const examples = failures.flatMap(failureLines).map(printable);
  return [...lines, ...examples.flatMap((line) => fold(line, columns, 6))];
}

function stateText({ state, owner, summary }: RunStatus): string {
  if (state === "running") return `Running: ${owner}`;
  if (state === "finished") return "Finished";
  return `Stopped with ${formatNumberOf(summary.pending, "sample")} left`;
}

function failureLines({ reason, count, examples }: FailureGroup): string[] {
  const lines = examples.map(({ id, place, detail }) =>
    `    ${id === null ? place : `'${id}' (${place})`}: ${detail}`
  );
  if (count > examples.length) {
    lines.push(`    and ${count - examples.length} more in failed.jsonl`);
  }
  return [`  ${formatNumberOf(count, reason, reason)}`, ...lines];
}

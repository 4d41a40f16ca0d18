/**
 * Tells people how far checking a run is, and what was found.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Problem, VerifyEvent, VerifyReport } from "../verify.ts";
import { colour } from "./colour.ts";
import { formatCount, formatNumberOf, formatPercent } from "./format.ts";
import type { Output } from "./output.ts";
import { openView, type View } from "./view.ts";
import { printable } from "./width.ts";

/** Problems are named up to here, then only counted. */
const MAX_NAMED = 20;

/** Draws one line, and prints problems above it. */
export class VerifyReporter implements Disposable {
  #output: Output;
  #view: View;
  #problems = 0;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#view = openView(output, clock);
  }

  /** @returns The report, once it is there. */
  report(event: VerifyEvent): VerifyReport | null {
    switch (event.type) {
      case "finished":
        return event.report;
      case "problem":
        this.#problem(event.problem);
        return null;
      case "file":
        return this.#show(event.done, event.total, "file", "checked");
      case "rebatch":
        return this.#show(event.done, event.total, "clip", "encoded once more");
    }
  }

  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
  }

  #show(done: number, total: number, noun: string, verb: string): null {
    const share = formatPercent(done, total);
    const text = `${share}  ${formatCount(done)} of ${formatNumberOf(total, noun)} ${verb}`;
    this.#view.show({ lines: () => [text], text });
    return null;
  }

  #problem(problem: Problem): void {
    this.#problems++;
    if (this.#problems > MAX_NAMED) return;
    this.#view.print(colour(this.#output, "red", printable(problemText(problem))));
    if (this.#problems === MAX_NAMED) {
      this.#view.print("Further problems are counted only; --json lists them all");
    }
  }
}

function problemText({ file, row, id, problem }: Problem): string {
  const where = [
    file,
    row === undefined ? null : `row ${row}`,
    id === undefined ? null : `'${id}'`,
  ];
  return `${where.filter((part) => part !== null).join(", ")}: ${problem}`;
}

/** What `speechmill verify` prints at its end. */
export function verdictLines(report: VerifyReport): string[] {
  const { problems, files, filesRead, rows, rebatch } = report;
  const lines = [
    problems.length === 0
      ? "The run is whole"
      : `Found ${formatNumberOf(problems.length, "problem")}`,
    `  files        ${formatCount(files)}, ${formatCount(filesRead)} read to the end`,
    `  rows         ${formatCount(rows)} checked`,
  ];
  if (rebatch !== null) lines.push(`  re-encoded   ${rebatchText(rebatch)}`);
  if (!report.finished) {
    lines.push("  note         the run is not finished: 'resume' goes on with it");
  }
  if (!report.ledger) {
    lines.push("  note         there is no ledger, so rows are not compared with the plan");
  }
  return [...lines, ...report.advice.map((advice) => `  advice       ${advice}`)];
}

function rebatchText({ samples, tokens, mismatches, rate }: NonNullable<VerifyReport["rebatch"]>) {
  const percent = `${(100 * rate).toFixed(mismatches === 0 ? 0 : 4)} %`;
  return `${formatNumberOf(samples, "clip")} one by one: ${formatCount(mismatches)} of ` +
    `${formatNumberOf(tokens, "token")} differ (${percent})`;
}

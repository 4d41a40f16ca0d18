/**
 * What `doctor` found, in words.
 *
 * @module
 */
import type { Check } from "../doctor/check.ts";
import { colour } from "./colour.ts";
import { formatNumberOf } from "./format.ts";
import type { Output } from "./output.ts";

const TINTS = { ok: "green", warning: "yellow", failed: "red" } as const;

/** One check: what was found and, where something is wrong, how to mend it. */
export function checkLines(check: Check, output: Pick<Output, "hasColour">): string[] {
  const { name, ok, detail, fix } = check;
  const lines = [`${colour(output, TINTS[ok], ok.padEnd(7))}  ${name.padEnd(23)} ${detail}`];
  if (fix !== null) lines.push(`${" ".repeat(33)}${fix}`);
  return lines;
}

/** The last line: whether runs will work. */
export function verdictText(checks: readonly Check[]): string {
  const count = (wanted: Check["ok"]) => checks.filter(({ ok }) => ok === wanted).length;
  const [failed, warnings] = [count("failed"), count("warning")];
  if (failed > 0) return `${formatNumberOf(failed, "check")} failed: runs will not work`;
  if (warnings > 0) return `All works, with ${formatNumberOf(warnings, "warning")}`;
  return "All is well";
}

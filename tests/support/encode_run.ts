/** Whole runs as the command makes them: a config, real worker processes, scratch folders of theirs. */
import { join } from "node:path";
import { loadConfig } from "../../lib/config/config.ts";
import { encode } from "../../lib/encode.ts";
import { type EncodedRow, openRun } from "../../lib/open_run.ts";
import type { Summary } from "../../lib/run/summary.ts";
import { type VerifyReport, verifyRun } from "../../lib/verify.ts";

/** The settings of a run, as flags. */
export type Flags = Parameters<typeof loadConfig>[0]["flags"];

const root = new URL("../..", import.meta.url).pathname;

/**
 * Encodes to the end: two workers unless told otherwise, no validation split, no network, and a
 * cache beside the output.
 */
export async function encodeRun(output: string, flags: Flags): Promise<Summary> {
  const defaults: Flags = { devices: "cpu:2", valRatio: 0 };
  const config = await loadConfig({ flags: { ...defaults, ...flags, output }, cwd: root });
  const variables: Record<string, string> = {
    ...{ "SPEECHMILL_CACHE": `${output}-cache`, "HF_HUB_OFFLINE": "1" },
  };
  const events = await Array.fromAsync(
    encode(config, { hub: { environment: (name) => variables[name] } }),
  );
  const last = events.at(-1);
  if (last?.type !== "finished") throw new Error(`The run ended with the event '${last?.type}'`);
  return last.summary;
}

/** Every row of a run by its id. */
export async function rowsById(output: string): Promise<ReadonlyMap<string, EncodedRow>> {
  using run = await openRun(output);
  return new Map((await Array.fromAsync(run.rows())).map((row) => [row.id, row]));
}

/** What `verify --rebatch 1` finds: every clip is encoded once more, alone. */
export async function verifyAll(output: string): Promise<VerifyReport> {
  const events = await Array.fromAsync(verifyRun(output, { rebatch: 1 }));
  const last = events.at(-1);
  if (last?.type !== "finished") throw new Error("verifyRun() did not finish");
  return last.report;
}

/** A line of `failed.jsonl`. */
export interface FailedLine {
  readonly id: string | null;
  readonly place: string;
  readonly audio: string | null;
  readonly stage: string;
  readonly reason: string;
  readonly detail: string;
}

/** The lines of `failed.jsonl`. */
export function failedLines(output: string): readonly FailedLine[] {
  const text = Deno.readTextFileSync(join(output, "failed.jsonl"));
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/**
 * What a run was planned with, and what of it has changed since.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { fileDifference, type PlannedFile } from "../audio/file_identity.ts";
import type { SourceFile } from "../sources/source.ts";
import type { Json } from "./job.ts";
import type { Ledger } from "./ledger.ts";

/** All that decides the bytes of a run's data. */
export interface Identity {
  /** The settings that decide the data, under their names in the config file. */
  readonly settings: { readonly [name: string]: Json };
  /** SHA-256 of the model. */
  readonly modelDigest: string;
  /** The files that the list of samples depends on. */
  readonly files: readonly SourceFile[];
}

/**
 * Audio files looked at on resume; in a larger run evenly spaced ones, the workers look at each.
 * Every look is a read of the ledger and one of the file system, milliseconds on a cold disk.
 */
const MAX_FILES_CHECKED = 20_000;
const MAX_DIFFERENCES = 20;

/** Stores the identity of a new run. */
export function storeIdentity(ledger: Ledger, identity: Identity): void {
  ledger.setMeta("identity", JSON.stringify(identity));
  ledger.setMeta("config_digest", configDigest(identity.settings));
}

/** What tells the data of two runs apart, as far as their configs do. */
export function configDigest(settings: Identity["settings"]): string {
  return createHash("sha256").update(JSON.stringify(settings)).digest("hex");
}

/** What differs from the run's own identity, one sentence each. */
export function identityDifferences(ledger: Ledger, now: Identity): string[] {
  const then: Identity = JSON.parse(ledger.meta("identity") ?? "{}");
  return [
    ...settingDifferences(then.settings, now.settings),
    ...(then.modelDigest === now.modelDigest
      ? []
      : [`model: planned with digest ${then.modelDigest}, now ${now.modelDigest}`]),
    ...fileDifferences(then.files, now.files),
    ...audioDifferences(ledger),
  ];
}

/** Settings that differ, under their names in the config file. */
export function settingDifferences(
  then: Identity["settings"],
  now: Identity["settings"],
): string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [before, after] = [JSON.stringify(then[name]), JSON.stringify(now[name])];
    return before === after
      ? []
      : [`${name}: planned with ${before ?? "nothing"}, now ${after ?? "nothing"}`];
  });
}

function fileDifferences(then: readonly SourceFile[], now: readonly SourceFile[]): string[] {
  const before = new Map(then.map(({ path, sha256 }) => [path, sha256]));
  const changed = now.filter(({ path, sha256 }) => before.has(path) && before.get(path) !== sha256);
  // A change of paths is a change of the setting `input`, and is said there.
  return changed.map(({ path }) =>
    `'${path}': the list of samples is not the one that was planned`
  );
}

interface AudioRow extends PlannedFile {
  readonly id: string;
}

function audioDifferences(ledger: Ledger): string[] {
  const planned = Number(ledger.meta("planned") ?? 0);
  const step = Math.max(1, Math.ceil(planned / MAX_FILES_CHECKED));
  const differences: string[] = [];
  // Samples that share a file share what became of it.
  const seen = new Set<string>();
  for (let idx = 0; idx < planned && differences.length < MAX_DIFFERENCES; idx += step) {
    // Files that are brought here only when they are due have no size, and need not be here.
    const row = ledger.get<AudioRow>(
      "SELECT id, audio, size, mtime FROM sample WHERE idx = ? AND audio IS NOT NULL AND size IS NOT NULL",
      idx,
    );
    if (row === undefined || seen.has(row.audio)) continue;
    seen.add(row.audio);
    const difference = fileDifference(row);
    if (difference !== null) differences.push(`sample '${row.id}': ${difference}`);
  }
  return differences;
}

/**
 * A run's ledger, opened to look something up.
 *
 * @module
 */
import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { messageOf, SpeechmillError } from "../errors.ts";
import { Ledger } from "../run/ledger.ts";
import { isPlanned } from "../run/plan.ts";
import { runPaths } from "../run/run_directory.ts";
import { storedText } from "./stored_config.ts";

/**
 * Opens the ledger of a run for reading, beside a coordinator that may be writing it.
 *
 * @returns Null where there is none: a published dataset is the files without `.speechmill/`.
 * @throws {SpeechmillError} If there is one, and it cannot be read.
 */
export function openLedger(directory: string): Ledger | null {
  const path = ledgerPath(directory);
  if (!isFile(path)) return null;
  try {
    const ledger = Ledger.openIfMade(readableName(path), { readOnly: true });
    if (ledger === null || isPlanned(ledger)) return ledger;
    ledger[Symbol.dispose]();
    return null;
  } catch (error) {
    if (error instanceof SpeechmillError) throw error;
    throw new SpeechmillError(
      `Cannot open the ledger '${path}': ${messageOf(error)}: ` +
        "without it the rows are still there: move it away to read them by their manifest alone",
      { cause: error },
    );
  }
}

/** Where a run's ledger lies: beside its data, unless its config says otherwise. */
export function ledgerPath(directory: string): string {
  return runPaths(directory, storedText(directory, "ledger")).ledger;
}

/**
 * The name to open a database by. SQLite wants to write files beside a write-ahead log even to
 * read it; in a folder that cannot be written, where no log is left, it is told that nothing changes.
 */
function readableName(path: string): string {
  if (isWritable(dirname(path)) || isFile(`${path}-wal`)) return path;
  return `file:${encodeURI(path).replaceAll("?", "%3f").replaceAll("#", "%23")}?immutable=1`;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

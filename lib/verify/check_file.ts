/**
 * Checks one data file: that it is there, its size, its SHA-256, and every row.
 *
 * @module
 */
import { join } from "node:path";
import { sha256OfFile } from "../../models/digest.ts";
import { messageOf } from "../errors.ts";
import type { RunFile } from "../reading/manifest.ts";
import type { Column } from "../shards/column.ts";
import { shardFormatOf } from "../shards/registry.ts";
import type { Problem } from "./report.ts";
import type { RowCheck } from "./row_fault.ts";
import type { RowOrder } from "./row_order.ts";

/** Rows of one file that are named; a damaged file may have as many bad rows as it has rows. */
const MAX_ROWS_NAMED = 5;

/** What checking a file needs. */
export interface FileCheckOptions {
  /** The run directory. */
  readonly directory: string;
  readonly file: RunFile;
  readonly columns: readonly Column[];
  readonly rowCheck: RowCheck;
  readonly order: RowOrder;
}

/** Looks at a file without reading it. */
export function checkSize(
  directory: string,
  file: RunFile,
): { readable: boolean; problems: Problem[] } {
  const problem = (problem: string): Problem[] => [{ kind: "damage", file: file.path, problem }];
  try {
    const { size, isFile } = Deno.statSync(join(directory, file.path));
    if (!isFile) return { readable: false, problems: problem("it is not a file") };
    const grown = problem(`it has ${size} bytes, it was sealed with ${file.bytes}`);
    return { readable: true, problems: size === file.bytes ? [] : grown };
  } catch (error) {
    const found = error instanceof Deno.errors.NotFound ? "it is missing" : messageOf(error);
    return { readable: false, problems: problem(found) };
  }
}

/** Reads a file to its end; its problems, and how many rows could be read. */
export async function checkContent(
  options: FileCheckOptions,
): Promise<{ rows: number; problems: Problem[] }> {
  const { directory, file } = options;
  const path = join(directory, file.path);
  const damage = (problem: string): Problem => ({ kind: "damage", file: file.path, problem });
  const problems: Problem[] = [];
  try {
    const sha256 = await sha256OfFile(path);
    if (sha256 !== file.sha256) {
      problems.push(damage(`its SHA-256 is ${sha256}, it was sealed with ${file.sha256}`));
    }
  } catch (error) {
    return { rows: 0, problems: [damage(`it cannot be read: ${messageOf(error)}`)] };
  }
  const { rows, faults, failure } = await checkRows(options, path);
  problems.push(...faults);
  if (failure !== null) problems.push(damage(failure));
  else if (rows !== file.rows) {
    problems.push(damage(`it has ${rows} rows, it was sealed with ${file.rows}`));
  }
  return { rows, problems };
}

interface RowsChecked {
  rows: number;
  faults: Problem[];
  /** Why the file could not be read to its end. */
  failure: string | null;
}

async function checkRows(options: FileCheckOptions, path: string): Promise<RowsChecked> {
  const { file, rowCheck } = options;
  const order = options.order.ofFile(file.path);
  const checked: RowsChecked = { rows: 0, faults: [], failure: null };
  let faulty = 0;
  try {
    for await (const row of shardFormatOf(file.path).read(path, options.columns)) {
      checked.rows++;
      const id = typeof row?.["id"] === "string" ? { id: row["id"] } : {};
      const misplaced = id.id === undefined ? null : order.next(id.id);
      const fault = rowCheck(row) ?? misplaced;
      if (fault === null || ++faulty > MAX_ROWS_NAMED) continue;
      checked.faults.push({
        ...{ kind: "row", file: file.path, row: checked.rows, ...id, problem: fault },
      });
    }
    const lacking = order.end();
    if (lacking !== null) {
      checked.faults.push({ kind: "row", file: file.path, problem: lacking });
    }
  } catch (error) {
    checked.failure = `it ends badly: ${messageOf(error)}`;
  }
  if (faulty > MAX_ROWS_NAMED) {
    const problem = `${faulty - MAX_ROWS_NAMED} further rows have problems`;
    checked.faults.push({ kind: "row", file: file.path, problem });
  }
  return checked;
}

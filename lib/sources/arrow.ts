/**
 * Datasets that `datasets.save_to_disk` wrote: Arrow files, the audio in them.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { ArrowFile } from "../arrow/file.ts";
import { ArrowFault } from "../arrow/flatbuffer.ts";
import { readMessages } from "../arrow/messages.ts";
import type { ArrowSchema } from "../arrow/schema.ts";
import { messageOf, UsageError } from "../errors.ts";
import { arrowColumns } from "./arrow_columns.ts";
import { openSavedDataset, type SavedDataset } from "./arrow_folder.ts";
import { COMPRESSED, listArrowFile } from "./arrow_rows.ts";
import type { RowOptions } from "./dataset.ts";
import { inTurns } from "./in_turns.ts";
import { joinPath } from "./locate.ts";
import { describeColumns } from "./row_columns.ts";
import { rowLocator } from "./row_locator.ts";
import { mapRowFields, type RowMapping } from "./row_mapping.ts";
import type { Source, SourceFile, SourceItem } from "./source.ts";

/** Which folder to open. */
export interface ArrowFolderOptions {
  /** Absolute path. */
  readonly path: string;
  /** Which split of a folder with several; null for `train`, or the only one. @default {null} */
  readonly split?: string | null;
  /** What stands before the names of files in places. @default nothing */
  readonly label?: string;
  readonly rows: RowOptions;
}

const FETCH_AGAIN = "fetch it again, or leave it out";

/**
 * Opens a folder that `datasets.save_to_disk` wrote, or one split of such a folder with several.
 * Of each batch of rows only the columns are read that say what a row is; of audio only where in
 * the file it lies, for a worker to read it there.
 *
 * A row without an id column is called `<idPrefix>/<row>`, counted from 0 over all files. Rows
 * that cannot be read are rejected items. Samples may be visited in any order at no cost.
 *
 * @throws {UsageError} If it is no such folder, there is no such split or column, or a file is
 *   missing, or no Arrow file, or packed.
 */
export async function openArrowFolder(options: ArrowFolderOptions): Promise<Source> {
  const { path, split = null, rows } = options;
  const dataset = await openSavedDataset(path, split);
  const mapping = mapColumns(dataset, rows);
  return {
    description: `dataset ${dataset.folder}`,
    list: () => inTurns(listFiles(dataset, mapping, options)),
    fingerprint: () => Promise.resolve([fingerprintOf(dataset)]),
    ...(mapping.textOnly === undefined ? {} : { textOnly: mapping.textOnly }),
  };
}

/** Decides the columns by the first file; all others must have the same. */
function mapColumns({ folder, files, info }: SavedDataset, rows: RowOptions): RowMapping {
  let first: { path: string; described: string; mapping: RowMapping } | null = null;
  for (const file of files) {
    const path = joinPath(folder, file);
    const columns = arrowColumns(readSchemaOf(path), info);
    const described = describeColumns(columns);
    first ??= { path, described, mapping: mapRowFields({ label: folder, columns, rows }) };
    if (described === first.described) continue;
    throw new UsageError(
      `Cannot read '${path}': ${described}, while '${first.path}' has others: ${first.described}`,
    );
  }
  return first?.mapping ?? mapRowFields({ label: folder, columns: [], rows });
}

/** The schema of a file, whose first batch must be one that can be read by range. */
function readSchemaOf(path: string): ArrowSchema {
  let schema: ArrowSchema | null = null;
  try {
    using file = new ArrowFile(path);
    for (const message of readMessages(file)) {
      if (message.kind === "schema") schema = message.schema;
      if (message.kind !== "batch") continue;
      if (message.batch.isCompressed) throw new UsageError(`Cannot read '${path}': ${COMPRESSED}`);
      break;
    }
  } catch (error) {
    // What is wrong behind the schema costs the rows there, not the dataset.
    const isBehind = error instanceof ArrowFault && schema !== null;
    if (error instanceof UsageError) throw error;
    if (!isBehind) {
      const reason = error instanceof Deno.errors.NotFound ? "no such file" : messageOf(error);
      const remedy = error instanceof ArrowFault ? `: ${FETCH_AGAIN}` : "";
      throw new UsageError(`Cannot read '${path}': ${reason}${remedy}`, { cause: error });
    }
  }
  if (schema !== null) return schema;
  throw new UsageError(`Cannot read '${path}': it has no Arrow schema: ${FETCH_AGAIN}`);
}

async function* listFiles(
  { folder, prefix, files }: SavedDataset,
  mapping: RowMapping,
  { label = "", rows }: ArrowFolderOptions,
): AsyncGenerator<SourceItem, void, void> {
  const locate = rowLocator(folder, rows.audioRoot);
  let firstRow = 0;
  for (const file of files) {
    const path = joinPath(folder, file);
    const name = label === "" ? prefix + file : joinPath(label, prefix + file);
    const { idPrefix } = rows;
    firstRow += yield* listArrowFile({ path, name, mapping, locate, idPrefix, firstRow });
  }
  if (firstRow > 0) return;
  throw new UsageError(`Cannot list '${folder}': it has no rows to read: ${FETCH_AGAIN}`);
}

/** The digest of what says which files and columns there are, and of each file's size and time. */
function fingerprintOf({ folder, files, info, state }: SavedDataset): SourceFile {
  const hash = createHash("sha256").update(`${state}\0${info}\0`);
  for (const file of files) {
    const { size, mtime } = Deno.statSync(joinPath(folder, file));
    hash.update(`${file}\0${size} ${mtime?.getTime()}\0`);
  }
  return { path: folder, sha256: hash.digest("hex") };
}

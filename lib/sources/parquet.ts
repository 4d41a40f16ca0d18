/**
 * Rows of Parquet files.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { openParquet, type ParquetFile } from "../parquet/open.ts";
import type { RowOptions } from "./dataset.ts";
import { inTurns } from "./in_turns.ts";
import type { ParquetInput } from "./parquet_input.ts";
import { listRowGroup } from "./parquet_rows.ts";
import { mapRowFields, type RowMapping, type RowMappingOptions } from "./row_mapping.ts";
import type { Source, SourceItem } from "./source.ts";

/** Which files to list. */
export interface ParquetOptions {
  /** In order: their rows follow one another. */
  readonly files: readonly ParquetInput[];
  /** What they are, for people: a path, or a dataset of the Hub. */
  readonly label: string;
  readonly rows: RowOptions;
  /** As `Source.textOnly`, where the columns were checked. @default some may have audio */
  readonly textOnly?: string;
}

/** The columns of the file that came first: all others must have them as well. */
interface First {
  readonly name: string;
  readonly mapping: RowMapping;
}

/**
 * Lists the rows of Parquet files. Of each row group only the columns are read that say what a row
 * is; the audio stays where it is, for a worker to read. One row group is held at a time.
 *
 * A row without an id column is called `<idPrefix>/<row>`, counted from 0 over all files, whether
 * its neighbours are taken or not. A row that cannot be a sample is one rejected item; so is a row
 * group with damaged pages. A file whose footer is damaged is an error: nobody knows its rows.
 */
export function parquetSource(options: ParquetOptions): Source {
  const { textOnly } = options;
  return {
    description: `Parquet ${options.label}`,
    list: () => inTurns(listFiles(options)),
    fingerprint: async () => {
      const files = [];
      for (const file of options.files) files.push(await file.fingerprint());
      return files;
    },
    isSequential: true,
    ...(textOnly === undefined ? {} : { textOnly }),
  };
}

/**
 * Checks the columns that were asked for against those of a file.
 *
 * @throws {UsageError} If it is no Parquet file, or columns do not exist or hold something else.
 */
export async function checkParquet(
  input: ParquetInput,
  rows: RowMappingOptions["rows"],
): Promise<RowMapping> {
  using buffer = await input.open();
  const { name, columns } = await openParquet(buffer, input.name);
  return mapRowFields({ label: name, columns, rows });
}

async function* listFiles(
  { files, label, rows }: ParquetOptions,
): AsyncGenerator<SourceItem, void, void> {
  let first: First | null = null;
  let firstRow = 0;
  for (const input of files) {
    using buffer = await input.open();
    const file = await openParquet(buffer, input.name);
    const mapping = mapRowFields({ label: file.name, columns: file.columns, rows });
    if (first === null) first = { name: file.name, mapping };
    else checkSame(first, file, mapping);
    for (const group of file.rowGroups) {
      yield* listRowGroup({ input, file, group, mapping, rows, firstRow });
    }
    firstRow += file.rows;
  }
  if (firstRow > 0) return;
  throw new UsageError(
    `Cannot list '${label}': it has no rows: fetch it again, or leave it out`,
  );
}

/** A column that some files lack would be null in their rows without a word. */
function checkSame(first: First, file: ParquetFile, mapping: RowMapping): void {
  const before = namesOf(first.mapping);
  const now = namesOf(mapping);
  for (const field of new Set([...before.keys(), ...now.keys()])) {
    const [had, has] = [before.get(field), now.get(field)];
    if (had === has) continue;
    throw new UsageError(
      `Cannot read '${file.name}': its ${field} is in ${has ?? "no column"}, and that of ` +
        `'${first.name}' in ${had ?? "no column"}: name a column that all files have, ` +
        "or list files that differ one at a time",
    );
  }
}

function namesOf({ fields, audio }: RowMapping): ReadonlyMap<string, string> {
  const names = [...fields].map(([field, { name }]): [string, string] => [field, `'${name}'`]);
  if (audio !== null) names.push(["audio", `'${audio.name}' (${audio.kind})`]);
  return new Map(names);
}

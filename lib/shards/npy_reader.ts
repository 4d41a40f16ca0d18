/**
 * Rows of an index and the `.npy` files that it names.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf, SpeechmillError } from "../errors.ts";
import { cellOf } from "./cell.ts";
import type { Column } from "./column.ts";
import { npyValues, tokenType } from "./npy_array.ts";
import { npyFolder, npyPath, sha256Of } from "./npy_files.ts";
import { idOf, SampleNames } from "./sample_names.ts";
import { readWholeLines } from "./whole_lines.ts";

/**
 * Reads an index and its files, whose checksums it checks. Files outside of its folder are never
 * read: what an index names must be what we call it.
 *
 * @throws {SpeechmillError} If a file is damaged; the message names it and the last whole row.
 */
export async function* readNpyShard(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<Record<string, unknown>> {
  const names = new SampleNames(columns);
  let rows = 0;
  try {
    for await (const line of readWholeLines(path)) {
      const row = await readRow(JSON.parse(line), { path, columns, names });
      rows++;
      yield row;
    }
  } catch (error) {
    throw new SpeechmillError(`Cannot read '${path}' after row ${rows}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

interface Shard {
  readonly path: string;
  readonly columns: readonly Column[];
  readonly names: SampleNames;
}

async function readRow(
  values: Record<string, unknown>,
  { path, columns, names }: Shard,
): Promise<Record<string, unknown>> {
  const key = names.key(idOf(values));
  const cells: [string, unknown][] = [];
  for (const column of columns) {
    const { name, type } = column;
    const file = names.file(key, column);
    const isTokens = type === "tokens";
    cells.push([
      name,
      isTokens ? await readTokens(values[name], { path, file, column }) : cellOf(values, column),
    ]);
  }
  return Object.fromEntries(cells);
}

async function readTokens(
  entry: unknown,
  { path, file, column }: {
    readonly path: string;
    readonly file: string;
    readonly column: Column;
  },
): Promise<number[]> {
  const { path: named, sha256, length } = entryOf(entry);
  const expected = npyPath(path, file);
  if (named !== expected) throw new Error(`it names '${named}' where '${expected}' belongs`);
  const bytes = await Deno.readFile(join(npyFolder(path), file));
  const found = sha256Of(bytes);
  if (found !== sha256) throw new Error(`the SHA-256 of '${expected}' is ${found}, not ${sha256}`);
  const tokens = npyValues(bytes, tokenType(column));
  if (tokens.length === length) return tokens;
  throw new Error(`'${expected}' holds ${tokens.length} tokens, not ${length}`);
}

function entryOf(entry: unknown): Record<"path" | "sha256" | "length", unknown> {
  const isEntry = typeof entry === "object" && entry !== null && "path" in entry &&
    "sha256" in entry && "length" in entry;
  if (isEntry) return entry;
  throw new Error("the next row names no file for its tokens");
}

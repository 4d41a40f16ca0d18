/**
 * Rows of a WebDataset tar that we wrote.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../errors.ts";
import { TAR_BLOCK } from "../tar/header.ts";
import { listMembers, type TarItem } from "../tar/members.ts";
import { FileWindow } from "../tar/window.ts";
import { cellOf } from "./cell.ts";
import type { Column } from "./column.ts";
import { npyValues, tokenType } from "./npy_array.ts";
import { idOf, SampleNames } from "./sample_names.ts";
import { breathe } from "./shard_file.ts";
import { TAR_END } from "./tar_member.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** Rows that are read in one go. */
const ROWS = 100;

/** A member and its content. */
interface Content {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a WebDataset tar.
 *
 * @throws {SpeechmillError} If the file is damaged; the message names it and the last whole row.
 */
export async function* readTarShard(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<Record<string, unknown>> {
  let rows = 0;
  try {
    using archive = new FileWindow(path);
    const members = new Members(archive);
    const names = new SampleNames(columns);
    for (let json = members.next(); json !== null; json = members.next()) {
      const row = readRow(json, { members, names, columns });
      rows++;
      yield row;
      if (rows % ROWS === 0) await breathe();
    }
    if (members.end + TAR_END.length !== archive.size) throw new Error("its end mark is cut");
  } catch (error) {
    throw new SpeechmillError(`Cannot read '${path}' after row ${rows}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function readRow(
  json: Content,
  { members, names, columns }: {
    readonly members: Members;
    readonly names: SampleNames;
    readonly columns: readonly Column[];
  },
): Record<string, unknown> {
  const values = JSON.parse(UTF8.decode(json.bytes));
  const key = names.key(idOf(values));
  expectName(json, `${key}.json`);
  return Object.fromEntries(columns.map((column) => {
    if (column.type !== "tokens") return [column.name, cellOf(values, column)];
    const member = members.next();
    if (member === null) throw new Error(`it ends within the files of '${key}'`);
    expectName(member, names.file(key, column));
    return [column.name, npyValues(member.bytes, tokenType(column))];
  }));
}

function expectName({ name }: Content, expected: string): void {
  if (name !== expected) throw new Error(`it holds '${name}' where '${expected}' belongs`);
}

/** The files of an archive one after the other; damage is an error. */
class Members {
  readonly #archive: FileWindow;
  readonly #items: Iterator<TarItem>;
  /** Where the last member ends, with what fills its block. Bytes. */
  end = 0;

  constructor(archive: FileWindow) {
    this.#archive = archive;
    this.#items = listMembers(archive);
  }

  /** Its bytes change with the next call. Null at the end. */
  next(): Content | null {
    const { value: item, done } = this.#items.next();
    if (done || item === undefined) return null;
    if (item.kind === "damage") throw new Error(item.detail);
    const { name, offset, size, kind } = item.member;
    if (kind !== "file") throw new Error(`it holds '${name}', which is no file`);
    this.end = offset + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    return { name, bytes: this.#archive.read(offset, size) };
  }
}

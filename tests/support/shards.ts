/** Shards written, sealed and made up for tests of the output formats. */
import { join } from "node:path";
import { type FileSystem, temporaryName } from "../../lib/fs.ts";
import fc from "../../lib/npm/fast_check.ts";
import type { CellValue, Column, ColumnType } from "../../lib/shards/column.ts";
import type { ShardFormat, WrittenShard } from "../../lib/shards/format.ts";
import { FORMAT_NAMES, type FormatName } from "../../lib/shards/names.ts";
import { shardFormat } from "../../lib/shards/registry.ts";
import { unsyncedFileSystem } from "./unsynced_fs.ts";

/** Every output format by its name. */
export const FORMATS: ReadonlyMap<FormatName, ShardFormat> = new Map(
  FORMAT_NAMES.map((name) => [name, shardFormat(name)]),
);

/** Columns, and rows that have them. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Record<string, CellValue>[];
}

/** Where and how `sealTable` writes. */
export interface SealOptions {
  readonly format: ShardFormat;
  /** The folder. */
  readonly directory: string;
  /** @default one that syncs nothing */
  readonly fs?: FileSystem;
  /** Rows written at a time. @default {10} */
  readonly page?: number;
}

/** Writes a shard and gives it its name, as the sealer does. */
export async function sealTable(
  { columns, rows }: Table,
  { format, directory, fs = unsyncedFileSystem, page = 10 }: SealOptions,
): Promise<WrittenShard> {
  const path = shardPath(directory, format);
  const temporary = temporaryName(path);
  using writer = format.create({ fs, temporary, path, columns });
  for (let i = 0; i < rows.length; i += page) await writer.write(rows.slice(i, i + page));
  const written = await writer.finish();
  fs.rename(temporary, path);
  fs.syncDirectory(directory);
  return written;
}

/** The name that `sealTable` gives a shard. */
export function shardPath(directory: string, { extension }: ShardFormat): string {
  return join(directory, `train-00000-of-00002.${extension}`);
}

/** What lies in a folder, and in the folders in it, by paths; without what is in the making. */
export function publishedFiles(directory: string, within = ""): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(join(directory, within))) {
    const path = join(within, name);
    if (name.endsWith(".tmp")) continue;
    if (isDirectory) Object.assign(files, publishedFiles(directory, path));
    else files[path] = Deno.readFileSync(join(directory, path)).toHex();
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Two rows of each type of column, with what is hard to write. */
export const SMALL: Table = {
  columns: [
    { name: "id", type: "string" },
    { name: "text", type: "string" },
    { name: "coarse", type: "tokens", maximum: 1023 },
    { name: "fine", type: "tokens", maximum: 156_938 },
    { name: "samples", type: "int64" },
    { name: "seconds", type: "float64" },
    { name: "clean", type: "bool" },
    { name: "speaker", type: "string" },
  ],
  rows: [
    {
      ...{ id: "a/ü.1", text: '\ufeffHe said: "yes,\nno"', coarse: [1, 1023, 0], fine: [156_938] },
      ...{ samples: 2 ** 53, seconds: 0.1, clean: true, speaker: null },
    },
    {
      ...{ id: "b", text: "", coarse: [], fine: [] },
      ...{ samples: null, seconds: null, clean: null, speaker: null },
    },
    {
      ...{ id: "c".repeat(200), text: null, coarse: [7], fine: [128_266, 5] },
      ...{ samples: -3, seconds: 1e300, clean: false, speaker: null },
    },
  ],
};

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", "\ufeff", "null", "true", "1", "[1]", '"', '""', ",", "\r\n", "\\", "\0"),
);

function cell({ type, maximum = 2 ** 31 - 1 }: Column): fc.Arbitrary<CellValue> {
  switch (type) {
    case "string":
      return fc.option(text);
    case "int64":
      return fc.option(fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-(2 ** 63), 2 ** 62)));
    case "float64":
      // JSON has no negative zero.
      return fc.option(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      );
    case "bool":
      return fc.option(fc.boolean());
    case "tokens":
      return fc.array(fc.oneof(fc.nat({ max: maximum }), fc.constant(maximum)), { maxLength: 12 });
  }
}

const NAMES = [
  "text",
  "a.b",
  "a/b",
  "A/B",
  "comma,",
  'quo"te',
  "line\nend",
  "größe",
  " ",
  "layer_1",
];
const TYPES: readonly ColumnType[] = ["string", "int64", "float64", "bool", "tokens"];

const columns: fc.Arbitrary<Column[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...NAMES),
    type: fc.constantFrom(...TYPES),
    maximum: fc.constantFrom(1, 1023, 2 ** 15 - 1, 2 ** 15, 2 ** 31 - 1),
  }),
  { selector: ({ name }) => name, minLength: 1 },
).map((others) =>
  others.map(({ maximum, ...column }) => column.type === "tokens" ? { ...column, maximum } : column)
);

/** Any columns after the id, and any rows. */
export const anyTable: fc.Arbitrary<Table> = columns.chain((others) => {
  const cells = Object.fromEntries(others.map((column) => [column.name, cell(column)]));
  const rows = fc.uniqueArray(fc.record({ id: text, ...cells }), {
    selector: ({ id }) => id,
    maxLength: 6,
  });
  const id: Column = { name: "id", type: "string" };
  return rows.map((rows) => ({ columns: [id, ...others], rows }));
});

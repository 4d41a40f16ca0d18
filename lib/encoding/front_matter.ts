/**
 * The front matter of a dataset card: it tells `datasets.load_dataset` and the Hub where the splits
 * lie and what type each column has, so that a column that begins with nulls is read as what it is.
 *
 * @module
 */
import type { CardFigures } from "../run/job.ts";
import type { Column } from "../shards/column.ts";
import type { FormatName } from "../shards/names.ts";
import { tokenType } from "../shards/npy_array.ts";
import { SampleNames } from "../shards/sample_names.ts";

/** What it is made from. */
export interface FrontMatterOptions {
  readonly format: FormatName;
  readonly columns: readonly Column[];
  readonly figures: CardFigures;
}

/** The sizes that the Hub lists datasets by. */
const SIZES: readonly (readonly [number, string])[] = [
  [1e3, "n<1K"],
  [1e4, "1K<n<10K"],
  [1e5, "10K<n<100K"],
  [1e6, "100K<n<1M"],
  [1e7, "1M<n<10M"],
  [Infinity, "n>10M"],
];

/** YAML between two lines of dashes. */
export function frontMatter({ format, columns, figures }: FrontMatterOptions): string {
  const rows = figures.splits.reduce((sum, split) => sum + split.rows, 0);
  const size = SIZES.find(([limit]) => rows < limit)?.[1];
  return [
    "---",
    "tags: [speech, audio-codec, speechmill]",
    `size_categories: ["${size}"]`,
    ...configs(format, figures),
    ...features(format, columns),
    "---",
  ].join("\n");
}

/** Where each split lies; nothing before there is a row, for a list of no files cannot be read. */
function configs(format: FormatName, figures: CardFigures): string[] {
  const splits = figures.splits.filter(({ rows }) => rows > 0);
  if (splits.length === 0) return [];
  const ending = format === "npy" ? "npy.jsonl" : format;
  return [
    "configs:",
    "- config_name: default",
    "  data_files:",
    ...splits.map(({ name }) => `  - split: ${name}\n    path: data/${name}-*.${ending}`),
  ];
}

/** The type of every column, as `datasets` finds it in the files of a format. */
function features(format: FormatName, columns: readonly Column[]): string[] {
  const fields = columns.map((column) => feature(format, column));
  return [
    "dataset_info:",
    "  features:",
    ...(format === "tar" ? membersOf(columns) : fields).flat(),
  ];
}

function feature(format: FormatName, { name, type }: Column): string[] {
  if (type !== "tokens") return scalar(name, type);
  switch (format) {
    case "csv":
      return scalar(name, "string");
    case "npy":
      return struct(name, [
        ...scalar("path", "string"),
        ...scalar("sha256", "string"),
        ...scalar("length", "int64"),
      ]);
    default:
      return [`  - name: ${JSON.stringify(name)}`, "    sequence: int64"];
  }
}

/** What the files of a sample in a tar are, and what `datasets` tells of each sample beside them. */
function membersOf(columns: readonly Column[]): string[][] {
  const names = new SampleNames(columns);
  const tokens = columns.filter(({ type }) => type === "tokens");
  const others = columns.filter(({ type }) => type !== "tokens");
  return [
    struct("json", others.flatMap(({ name, type }) => scalar(name, type))),
    ...tokens.map((column) => [
      `  - name: ${JSON.stringify(names.field(column))}`,
      `    sequence: ${tokenType(column) === "<i2" ? "int16" : "int32"}`,
    ]),
    scalar("__key__", "string"),
    scalar("__url__", "string"),
  ];
}

function scalar(name: string, dtype: string): string[] {
  return [`  - name: ${JSON.stringify(name)}`, `    dtype: ${dtype}`];
}

function struct(name: string, fields: readonly string[]): string[] {
  return [
    `  - name: ${JSON.stringify(name)}`,
    "    struct:",
    ...fields.map((line) => `  ${line}`),
  ];
}

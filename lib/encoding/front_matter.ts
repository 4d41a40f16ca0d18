/**
 * The front matter of a dataset card: it tells `datasets.load_dataset` and the Hub where the splits
 * lie and what type each column has, so that a column that begins with nulls is read as what it is.
 *
 * @module
 */
import type { CardFigures } from "../run/job.ts";
import type { Column } from "../shards/column.ts";
import type { FormatName } from "../shards/names.ts";

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

/** A tar and an index of `.npy` files have other features than the rows: `datasets` finds them out. */
function features(format: FormatName, columns: readonly Column[]): string[] {
  if (format === "tar" || format === "npy") return [];
  const lists = format === "csv" ? "dtype: string" : "sequence: int64";
  return [
    "dataset_info:",
    "  features:",
    ...columns.map(({ name, type }) =>
      `  - name: ${JSON.stringify(name)}\n    ${type === "tokens" ? lists : `dtype: ${type}`}`
    ),
  ];
}

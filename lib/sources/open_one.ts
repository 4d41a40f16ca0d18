/**
 * One dataset of a run, once it is known what it is.
 *
 * @module
 */
import { basename } from "node:path";
import type { DatasetConfig } from "./dataset.ts";
import { folderSource } from "./folder.ts";
import { jsonlSource } from "./jsonl.ts";
import type { InputKind } from "./kind.ts";
import type { Source } from "./source.ts";
import { openTable, type TableOptions } from "./table.ts";
import { textLinesSource } from "./text_lines.ts";

/** What a source needs beside its dataset. */
export interface OpenOneOptions
  extends Pick<TableOptions, "delimiter" | "header" | "quotes" | "audioPattern" | "audioRoot"> {
  /** Absolute paths left out of folders, such as the run's own output. @default {[]} */
  readonly exclude?: readonly string[];
}

/**
 * Opens a dataset.
 *
 * @param label How places call it; undefined where it is the only one.
 * @throws {UsageError} If it cannot be read, or has not what was asked for.
 */
export async function openOne(
  dataset: DatasetConfig,
  kind: InputKind,
  label: string | undefined,
  options: OpenOneOptions,
): Promise<Source> {
  const { input: path, columns, where } = dataset;
  const named = label === undefined ? { path } : { path, label };
  switch (kind) {
    case "folder":
      return folderSource({ ...named, exclude: options.exclude ?? [] });
    case "jsonl":
      return jsonlSource({ ...named, audioRoot: options.audioRoot ?? [], where });
    case "table":
      return await openTable({ ...options, ...named, columns, where });
    case "ljspeech":
      return await openTable({ ...options, ...named, isLjspeech: true });
    case "lines":
      return textLinesSource(named);
    default:
      throw new TypeError(`Cannot open '${basename(path)}' as ${kind}`);
  }
}

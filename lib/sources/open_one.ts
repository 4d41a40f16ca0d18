/**
 * One dataset of a run, once it is known what it is.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { UsageError } from "../errors.ts";
import type { PinStore } from "../hub/dataset/pins.ts";
import type { HubOptions } from "../hub/repository.ts";
import { hubDatasetOf, isAddress } from "./address.ts";
import type { DatasetConfig, RowOptions } from "./dataset.ts";
import { folderSource } from "./folder.ts";
import { jsonlSource } from "./jsonl.ts";
import type { InputKind } from "./kind.ts";
import type { Source } from "./source.ts";
import { openTable, type TableOptions } from "./table.ts";
import { textLinesSource } from "./text_lines.ts";

/** How far a file of an input is that is brought here before it is listed. */
export interface FetchProgress {
  readonly step: "downloading" | "unpacking";
  /** A path, an address without its query, or the name of a file on the Hub. */
  readonly name: string;
  /** Bytes done … */
  readonly bytes: number;
  /** … of so many; null where nobody says. */
  readonly total: number | null;
}

/** What a source needs beside its dataset. */
export interface OpenOneOptions
  extends Pick<TableOptions, "delimiter" | "header" | "quotes" | "audioPattern" | "audioRoot"> {
  /** Absolute paths left out of folders, such as the run's own output. @default {[]} */
  readonly exclude?: readonly string[];
  /** Where what is downloaded and unpacked lies; asked only where something is. */
  readonly cacheFolder?: () => string;
  /** Where row groups of the Hub lie while they are needed: no other run's folder. */
  readonly blockFolder?: () => string;
  /** How the Hub and the web are reached. @default the real ones */
  readonly hub?: HubOptions;
  /** Where it is noted what the Hub was found to have. @default nothing is noted */
  readonly pins?: PinStore;
  /** Bring row groups of the Hub as they are needed, not whole files. @default {true} */
  readonly streaming?: boolean;
  /** Take a dataset of which the Hub has converted a part. @default {false} */
  readonly allowPartial?: boolean;
  /** Called with what the user should hear. */
  readonly onNotice?: (message: string) => void;
  /** Called as bytes come in of what is brought here whole. */
  readonly onFetch?: (progress: FetchProgress) => void;
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
      return await openRows(dataset, kind, label, options);
  }
}

/** Kinds that bring much code along, and are loaded when they are needed. */
async function openRows(
  dataset: DatasetConfig,
  kind: "parquet" | "arrow" | "tar" | "hub",
  label: string | undefined,
  options: OpenOneOptions,
): Promise<Source> {
  const { input: path, config, split } = dataset;
  const rows = rowOptions(dataset, label, options);
  const named = label === undefined ? {} : { label };
  const { cacheFolder = needed } = options;
  switch (kind) {
    case "parquet": {
      const { openParquetPath } = await import("./parquet_path.ts");
      const { exclude = [] } = options;
      return await openParquetPath({ ...named, path, config, split, rows, exclude });
    }
    case "tar": {
      const { openTarSource } = await import("./tar.ts");
      const { onProgress: _, ...hub } = options.hub ?? {};
      return await openTarSource({
        ...hub,
        ...named,
        onProgress: ({ action, ...progress }) =>
          options.onFetch?.({
            ...progress,
            step: action === "download" ? "downloading" : "unpacking",
          }),
        paths: [path],
        rows,
        cacheFolder: cacheFolder(),
      });
    }
    case "arrow": {
      const { openArrowFolder } = await import("./arrow.ts");
      return await openArrowFolder({ ...named, path, split, rows });
    }
    case "hub":
      return await openHub(dataset, rows, options);
  }
}

async function openHub(
  { input, config, split }: DatasetConfig,
  rows: RowOptions,
  options: OpenOneOptions,
): Promise<Source> {
  const reference = hubDatasetOf(input);
  if (reference === null) {
    throw new UsageError(
      `Cannot use input '${input}': a dataset on the Hub is written hf://datasets/org/name or ` +
        "hf://datasets/org/name@revision",
    );
  }
  const { openHubDataset } = await import("./hub_dataset.ts");
  const { blockFolder = needed, streaming = true, pins, onNotice, onFetch } = options;
  const key = createHash("sha256").update(JSON.stringify([input, config, split])).digest("hex");
  const source = await openHubDataset({
    ...{ ...reference, config, split, rows, allowPartial: options.allowPartial ?? false },
    mode: streaming ? "stream" : "download",
    // Two datasets of a run may be two subsets of one repository.
    cacheFolder: join(blockFolder(), key.slice(0, 16)),
    hub: {
      ...options.hub,
      onProgress: ({ file, bytes, total }) =>
        onFetch?.({ step: "downloading", name: `${reference.id}/${file}`, bytes, total }),
    },
    ...(pins === undefined ? {} : { pins }),
  });
  source.pin.notices.forEach((notice) => onNotice?.(notice));
  return source;
}

function needed(): string {
  throw new TypeError("Cannot open the input: no cache folder was given");
}

/** Ids of rows without an id column: where they lie, and their number. */
function rowOptions(
  { input, config, split, columns, where }: DatasetConfig,
  label: string | undefined,
  { audioRoot = [] }: OpenOneOptions,
): RowOptions {
  const name = isAddress(input)
    ? input.replace(/^.*:\/\/(?:datasets\/)?/, "")
    : label ?? basename(input);
  const parts = [name.replace(/\.parquet$/, ""), config, split].filter((part) => part !== null);
  return { columns, where, idPrefix: parts.join("/"), audioRoot };
}

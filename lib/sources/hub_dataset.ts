/**
 * A dataset of the Hugging Face Hub.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { RunConflictError } from "../errors.ts";
import { cachedPath, cachedRanges } from "../hub/dataset/cached_ranges.ts";
import { downloadFiles } from "../hub/dataset/download_files.ts";
import { Footers } from "../hub/dataset/footers.ts";
import { type HubDataset, openDataset } from "../hub/dataset/open_dataset.ts";
import type { DatasetPin, PinStore } from "../hub/dataset/pins.ts";
import { RangesUnknownError, remoteRanges } from "../hub/dataset/remote_ranges.ts";
import { RepositoryFiles } from "../hub/dataset/repository_files.ts";
import { RowGroupBlocks } from "../hub/dataset/row_group_blocks.ts";
import type { HubOptions } from "../hub/repository.ts";
import { openParquet } from "../parquet/open.ts";
import { hubAddress } from "./address.ts";
import type { RowOptions } from "./dataset.ts";
import { downloadedInput, nameOf, streamedInput } from "./hub_inputs.ts";
import { deferPaths } from "./hub_paths.ts";
import { parquetSource } from "./parquet.ts";
import type { ParquetInput } from "./parquet_input.ts";
import { mapRowFields, type RowMapping } from "./row_mapping.ts";
import type { Blocks, Source, SourceFile } from "./source.ts";

/** How the files of a dataset come here. */
export type HubMode =
  /** Row group by row group, each when its samples are due. */
  | "stream"
  /** Whole, into the cache that Python's `huggingface_hub` uses, before anything starts. */
  | "download";

/** What of which dataset to list. */
export interface HubDatasetOptions {
  /** `org/name`. */
  readonly id: string;
  /** Branch, tag or commit; null for `main`. @default {null} */
  readonly revision?: string | null;
  /** Configuration; null for the default or only one. @default {null} */
  readonly config?: string | null;
  /** `train`, `train+test`, `all`; null for `train`, or the only one. @default {null} */
  readonly split?: string | null;
  /** Whether the beginning of a split will do, where the Hub converted no more. @default {false} */
  readonly allowPartial?: boolean;
  readonly rows: RowOptions;
  readonly mode: HubMode;
  /** Absolute path of a folder for footers and row groups that no other run uses. */
  readonly cacheFolder: string;
  /** Where the run notes the commits that it is planned with. @default nothing is noted */
  readonly pins?: PinStore;
  readonly hub?: HubOptions;
}

/** A dataset of the Hub, ready to list. */
export interface HubDatasetSource extends Source {
  /** Commits, configuration and split that everything comes from. */
  readonly pin: DatasetPin;
}

/**
 * Opens a dataset of the Hub: its revision becomes a commit, its configuration and split become
 * Parquet files (its own, or those that the Hub converted), and the columns of the first are checked.
 * Nothing of a repository is ever executed.
 *
 * Streamed, planning reads footers and the columns that say what a row is, by range requests; samples
 * are deferred to `blocks`. Downloaded, all files are brought here first and held to their SHA-256.
 *
 * @throws {UsageError} If there is no such dataset, revision, configuration, split or column, or no
 *   Parquet; the message names what there is.
 * @throws {SpeechmillError} If the Hub refuses or cannot be reached, or something is not in the cache
 *   where the Hub may not be asked.
 */
export async function openHubDataset(options: HubDatasetOptions): Promise<HubDatasetSource> {
  const { hub, rows, cacheFolder, mode, ...request } = options;
  const dataset = await openDataset({ ...hub, ...request });
  const { files, cache, client, pin } = dataset;
  if (client === null) { for (const file of files) await cachedPath(cache, file); }
  const reader = client === null ? cachedRanges(cache) : remoteRanges(client);
  const footers = new Footers(join(cacheFolder, "footers"), reader, hub?.signal);
  const beside = new RepositoryFiles({ ...dataset, folder: join(cacheFolder, "files") });
  const mapping = await firstMapping(dataset, footers, options);
  const column = mapping?.audio?.name ?? null;
  const rowGroups = column === null || mode === "download"
    ? null
    : new RowGroupBlocks({ files, column, reader, footers, folder: join(cacheFolder, "blocks") });
  const paths = mode === "download" ? await downloadFiles(dataset, hub?.onProgress) : [];
  const inputs = files.map((file, index): ParquetInput => {
    const path = paths[index];
    return path === undefined
      ? streamedInput(file, { footers, rowGroups, beside })
      : downloadedInput(file, path, beside);
  });
  const description = describe(dataset);
  const textOnly = mapping?.textOnly;
  const source = parquetSource({
    ...{ files: inputs, label: description, rows },
    ...(textOnly === undefined ? {} : { textOnly }),
  });
  return {
    ...source,
    description,
    list: () => deferPaths(source.list(), { beside, audioRoot: rows.audioRoot }),
    fingerprint: () => Promise.resolve([fingerprint(dataset)]),
    blocks: joinBlocks(rowGroups, beside),
    pin,
  };
}

/** Checks the columns by the first file; null where they cannot be known before it is here. */
async function firstMapping(
  { files: [file] }: HubDataset,
  footers: Footers,
  { rows, mode }: HubDatasetOptions,
): Promise<RowMapping | null> {
  if (file === undefined) return null;
  try {
    using buffer = await footers.open(file);
    const { name, columns } = await openParquet(buffer, nameOf(file));
    return mapRowFields({ label: name, columns, rows });
  } catch (error) {
    // Listing checks them once the file is here.
    if (mode === "download" && error instanceof RangesUnknownError) return null;
    throw error;
  }
}

/** Row groups and files of the repository lie in folders of their own. */
function joinBlocks(rowGroups: RowGroupBlocks | null, beside: RepositoryFiles): Blocks {
  const of = (path: string) => {
    if (rowGroups?.owns(path)) return rowGroups;
    if (beside.owns(path)) return beside;
    throw new RunConflictError(
      `Cannot go on with '${path}': the run was begun with row groups of the Hub in that folder: ` +
        "go on with streaming and SPEECHMILL_CACHE as they were, or choose another --output",
    );
  };
  return {
    bring: async (path, signal) => await of(path).bring(path, signal),
    drop: async (path) => await of(path).drop(path),
  };
}

function describe({ repository, pin }: HubDataset): string {
  const commit = (pin.convertCommit ?? pin.commit).slice(0, 8);
  return `dataset ${repository.id} (${pin.config}, ${pin.split}) at ${commit}`;
}

/** Commits and contents decide the rows. */
function fingerprint({ repository, pin }: HubDataset): SourceFile {
  const { commit, convertCommit, config, split, files } = pin;
  const sha256 = createHash("sha256")
    .update(JSON.stringify([commit, convertCommit, files]))
    .digest("hex");
  return { path: `${hubAddress(repository.id)} ${config} ${split}`, sha256 };
}

/**
 * Files of a dataset on the Hub as a source of rows lists them.
 *
 * @module
 */
import type { DatasetFile } from "../hub/dataset/dataset_file.ts";
import type { Footers } from "../hub/dataset/footers.ts";
import type { RepositoryFiles } from "../hub/dataset/repository_files.ts";
import type { RowGroupBlocks } from "../hub/dataset/row_group_blocks.ts";
import { localParquet, type ParquetInput } from "./parquet_input.ts";

/** What a streamed file is read with. */
export interface StreamedParts {
  readonly footers: Footers;
  /** Null where rows have no audio of their own. */
  readonly rowGroups: RowGroupBlocks | null;
  readonly beside: RepositoryFiles;
}

/** A file that stays on the Hub: its row groups are brought here when they are due. */
export function streamedInput(file: DatasetFile, parts: StreamedParts): ParquetInput {
  return {
    name: nameOf(file),
    folder: parts.beside.folderOf(file),
    isDeferred: true,
    audioPath: (rowGroup) => parts.rowGroups?.pathOf(file, rowGroup) ?? "",
    open: () => parts.footers.open(file),
    fingerprint: () => Promise.resolve({ path: nameOf(file), sha256: file.facts.etag }),
  };
}

/** A file that is here whole. */
export function downloadedInput(
  file: DatasetFile,
  path: string,
  beside: RepositoryFiles,
): ParquetInput {
  return { ...localParquet(path, nameOf(file)), folder: beside.folderOf(file) };
}

/** How places and messages call it: `org/name/data/train-00000-of-00002.parquet`. */
export function nameOf({ repository, name }: DatasetFile): string {
  return `${repository.id}/${name}`;
}

/**
 * From a path to the rows of Parquet files.
 *
 * @module
 */

import { basename } from "node:path";
import { UsageError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import type { RowOptions } from "./dataset.ts";
import { joinPath } from "./locate.ts";
import { compareCodePoints } from "./order.ts";
import { checkParquet, parquetSource } from "./parquet.ts";
import { findParquet } from "./parquet_folder.ts";
import { localParquet, type ParquetInput } from "./parquet_input.ts";
import { chooseSplit } from "./parquet_split.ts";
import type { Source } from "./source.ts";

/** What to open. */
export interface ParquetPathOptions {
  /** Absolute path of a Parquet file, or of a folder of them. */
  readonly path: string;
  /** A subfolder that is a dataset of its own, as subsets on the Hub are. @default {null} */
  readonly config?: string | null;
  /** Which split of a folder; null for `train`, or the only one. @default {null} */
  readonly split?: string | null;
  readonly rows: RowOptions;
  /** How places call the file, or what stands before paths in the folder. @default {no folder} */
  readonly label?: string;
  /** Absolute paths left out of folders, such as the run's own output. @default {[]} */
  readonly exclude?: readonly string[];
}

/**
 * Opens a Parquet file or a folder of them. The columns of the first file are checked at once, those
 * of the others when they are listed, before anything is encoded.
 *
 * @throws {UsageError} If there is no such file, folder, subset, split or column, or the first file
 *   is damaged. The message lists what there is.
 */
export async function openParquetPath(options: ParquetPathOptions): Promise<Source> {
  const { path, rows, config = null, split = null } = options;
  const files = await isFolder(path) ? await filesIn(options) : [fileAt(options)];
  const [first] = files;
  const textOnly = first === undefined ? undefined : (await checkParquet(first, rows)).textOnly;
  const source = parquetSource({
    ...{ files, label: path, rows },
    ...(textOnly === undefined ? {} : { textOnly }),
  });
  // Two datasets of a run may be two splits of one folder.
  const part = [config, split].filter((name) => name !== null).join(", ");
  return part === "" ? source : { ...source, description: `${source.description} (${part})` };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    throw new UsageError(`Cannot use input '${path}': no such file or folder`, { cause: error });
  }
}

/** A file is a split by itself: choosing one of another name is a mistake. */
function fileAt({ path, config = null, split = null, label }: ParquetPathOptions): ParquetInput {
  if (config !== null) {
    throw new UsageError(`Cannot choose subset '${config}' of '${path}': it is a file`);
  }
  const [name] = chooseSplit({ label: path, paths: [basename(path)], split });
  return localParquet(path, label ?? name);
}

async function filesIn(options: ParquetPathOptions): Promise<readonly ParquetInput[]> {
  const { path, config = null, split = null, label = "", exclude = [] } = options;
  const all = await findParquet(path, exclude);
  if (all.length === 0) {
    throw new UsageError(`Cannot list folder '${path}': it holds no Parquet file`);
  }
  const ofConfig = config === null ? all : chooseConfig(path, config, all);
  const prefix = config === null ? "" : `${config}/`;
  const paths = chooseSplit({
    label: prefix === "" ? path : joinPath(path, config ?? ""),
    paths: ofConfig.map((file) => file.slice(prefix.length)),
    split,
  });
  return paths.map((file) => {
    const relative = prefix + file;
    const name = label === "" ? relative : joinPath(label, relative);
    return localParquet(joinPath(path, relative), name);
  });
}

function chooseConfig(path: string, config: string, all: readonly string[]): readonly string[] {
  const found = all.filter((file) => file.startsWith(`${config}/`));
  if (found.length > 0) return found;
  const names = [...new Set(all.flatMap((file) => file.split("/").slice(0, -1).slice(0, 1)))];
  const known = names.sort(compareCodePoints).map((name) => `'${name}'`).join(", ");
  throw new UsageError(
    `Cannot find subset '${config}' of '${path}': ${
      known === "" ? "it has no subfolders" : `it has ${known}`
    }${didYouMean(config, names)}`,
  );
}

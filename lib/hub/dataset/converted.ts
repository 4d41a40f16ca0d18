/**
 * What the Hub itself converted to Parquet: branch `refs/convert/parquet`, with files
 * `<config>/<split>/0000.parquet`. Of a large dataset it holds only the beginning, in folders
 * `<config>/partial-<split>`.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { chooseConfig, type NamedConfig } from "./choose_config.ts";
import { chooseSplits } from "./choose_splits.ts";
import { isParquet } from "./format.ts";
import type { DatasetRequest, ResolvedFiles } from "./request.ts";
import type { DatasetTree } from "./tree.ts";

/** The branch that holds it. */
export const CONVERTED = "refs/convert/parquet";

const PARTIAL = "partial-";

/** Names of the configurations that were converted. */
export async function convertedConfigs(tree: DatasetTree): Promise<readonly NamedConfig[]> {
  const { folders } = await tree.list("", "one");
  return folders
    .filter((name) => !name.startsWith("."))
    .map((name) => ({ name, isDefault: false }));
}

/**
 * Finds the converted files of a configuration and its splits.
 *
 * @throws {UsageError} If there are no such files, or only a part of them and `allowPartial` is not
 * set.
 */
export async function resolveConverted(
  tree: DatasetTree,
  request: DatasetRequest,
): Promise<ResolvedFiles> {
  const { id } = request;
  const config = chooseConfig(id, await convertedConfigs(tree), request.config).name;
  const { files } = await tree.list(config, "all");
  const parquet = files.filter(({ name }) => isParquet(name));
  const folders = [...new Set(parquet.map(({ name }) => name.split("/")[1] ?? ""))];
  const splits = chooseSplits({
    dataset: `${id}' with subset '${config}`,
    splits: inOrder(folders.map(splitOf)),
    wanted: request.split,
  });
  const chosen = splits.map((split) => folders.find((folder) => splitOf(folder) === split) ?? "");
  return {
    config,
    split: splits.join("+"),
    commit: tree.commit,
    files: chosen.flatMap((folder) =>
      parquet.filter(({ name }) => name.startsWith(`${config}/${folder}/`))
    ),
    notices: chosen.filter(isPartial).map((folder) => partialNotice(request, splitOf(folder))),
  };
}

function isPartial(folder: string): boolean {
  return folder.startsWith(PARTIAL);
}

function splitOf(folder: string): string {
  return isPartial(folder) ? folder.slice(PARTIAL.length) : folder;
}

/** The order of the usual splits, then that of names. */
function inOrder(splits: readonly string[]): readonly string[] {
  const usual = ["train", "validation", "test"];
  return [
    ...usual.filter((split) => splits.includes(split)),
    ...splits.filter((split) => !usual.includes(split)),
  ];
}

function partialNotice({ id, allowPartial }: DatasetRequest, split: string): string {
  const fact = `the Hub converted only the beginning of split '${split}' of '${id}' to Parquet`;
  if (allowPartial) return fact;
  throw new UsageError(
    `Cannot use the dataset '${id}': ${fact}, and its own files are not Parquet: ` +
      "set allow_partial to encode that beginning, or download the dataset and give the folder",
  );
}

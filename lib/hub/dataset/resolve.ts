/**
 * From the name of a dataset's configuration and split to its Parquet files, by the rules of
 * Python's `datasets` (5.0.1). Nothing of a repository is ever executed.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { type CardConfig, frontMatter, readCard } from "./card.ts";
import { chooseConfig, listNames, unknownConfig } from "./choose_config.ts";
import { chooseSplits } from "./choose_splits.ts";
import { CONVERTED, convertedConfigs, resolveConverted } from "./converted.ts";
import { findFiles, findSplits } from "./find_files.ts";
import { commonExtension, holdsParquet, isParquet } from "./format.ts";
import type { DatasetRequest, DatasetTrees, ResolvedFiles } from "./request.ts";
import type { SplitPatterns } from "./split_patterns.ts";
import type { DatasetTree } from "./tree.ts";

/** The configuration of a repository whose card declares none. */
const IMPLICIT: CardConfig = { name: "default", splits: null, folder: "", isDefault: true };

/**
 * Finds the Parquet files of a configuration and split: those of the repository, else those that the
 * Hub converted.
 *
 * @throws {UsageError} If there is no such configuration or split, or no Parquet; the message names
 * what there is.
 */
export async function resolveDataset(
  request: DatasetRequest,
  trees: DatasetTrees,
): Promise<ResolvedFiles> {
  const { id, config: wanted } = request;
  if (trees.isConverted) return await resolveConverted(trees.main, request);
  const declared = await readConfigs(trees.main, id);
  if (declared.length > 0) {
    const config = chooseConfig(id, declared, wanted);
    const dataset = declared.length > 1 ? `${id}' with subset '${config.name}` : id;
    return await ofConfig({ ...request, config: config.name }, trees, { ...config, dataset });
  }
  const script = `${id.split("/")[1] ?? ""}.py`;
  if (await trees.main.read(script) !== null) {
    return await fromConverted(request, trees, `it is made by a script, '${script}'`);
  }
  if (wanted !== null && wanted !== "default") return await fromNamed(request, trees);
  return await ofConfig(request, trees, { ...IMPLICIT, dataset: id });
}

async function readConfigs(tree: DatasetTree, id: string): Promise<readonly CardConfig[]> {
  const own = await tree.read(".huggingface.yaml");
  const configs = own === null ? [] : readCard(own, { id, file: ".huggingface.yaml" });
  if (configs.length > 0) return configs;
  const head = frontMatter(await tree.read("README.md") ?? "");
  return head === null ? [] : readCard(head, { id, file: "README.md" });
}

interface ChosenConfig extends CardConfig {
  /** For messages. */
  readonly dataset: string;
}

async function ofConfig(
  request: DatasetRequest,
  trees: DatasetTrees,
  { name, folder, dataset, ...config }: ChosenConfig,
): Promise<ResolvedFiles> {
  const { main } = trees;
  const splits = config.splits ?? await findSplits(main, folder);
  if (splits.size === 0) return await fromConverted(request, trees, NO_DATA);
  const chosen = chooseSplits({ dataset, splits: [...splits.keys()], wanted: request.split });
  const files = (await Promise.all(chosen.map((split) => filesOf(main, folder, splits, split))))
    .flat();
  const names = files.map((file) => file.name);
  if (names.length === 0) throw noSuchFiles(dataset, splits, chosen);
  if (!holdsParquet(names)) {
    const kind = commonExtension(names);
    return await fromConverted(request, trees, kind === null ? NO_DATA : `its files are .${kind}`);
  }
  return {
    config: name,
    split: chosen.join("+"),
    commit: main.commit,
    files: files.filter((file) => isParquet(file.name)),
    notices: [],
  };
}

const NO_DATA = "it has no files of data";

function filesOf(tree: DatasetTree, folder: string, splits: SplitPatterns, split: string) {
  return findFiles(tree, folder, splits.get(split) ?? []);
}

function noSuchFiles(
  dataset: string,
  splits: SplitPatterns,
  chosen: readonly string[],
): UsageError {
  const patterns = chosen.flatMap((split) => splits.get(split) ?? []);
  return new UsageError(
    `Cannot use the dataset '${dataset}': its split '${chosen.join("+")}' is declared to be ` +
      `${listNames(patterns)}, and there is no such file`,
  );
}

/** A configuration that no card declares may be one that the Hub converted. */
async function fromNamed(request: DatasetRequest, trees: DatasetTrees): Promise<ResolvedFiles> {
  const converted = await trees.converted();
  const configs = converted === null ? [] : await convertedConfigs(converted);
  if (converted !== null && configs.some(({ name }) => name === request.config)) {
    return await resolveConverted(converted, request);
  }
  const names = new Set([IMPLICIT, ...configs].map(({ name }) => name));
  throw unknownConfig(request.id, [...names], request.config ?? "");
}

async function fromConverted(
  request: DatasetRequest,
  trees: DatasetTrees,
  reason: string,
): Promise<ResolvedFiles> {
  const converted = await trees.converted();
  if (converted !== null) {
    const resolved = await resolveConverted(converted, request);
    const notice = `'${request.id}' is read as the Hub converted it (${CONVERTED}): ${reason}`;
    return { ...resolved, notices: [notice, ...resolved.notices] };
  }
  throw new UsageError(
    `Cannot use the dataset '${request.id}': ${reason}, and the Hub has converted nothing to ` +
      "Parquet for this revision; download it ('hf download --repo-type dataset') and give a " +
      "folder or manifest as input",
  );
}

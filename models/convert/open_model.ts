/**
 * Opens what a model is converted from.
 *
 * @module
 */
import type { Checkpoint, PlainValue } from "../../lib/checkpoints/checkpoint.ts";
import { messageOf, UsageError } from "../../lib/errors.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { sha256OfFile } from "../digest.ts";
import type { CheckpointFiles } from "./choose_files.ts";
import type { ModelFiles } from "./model_files.ts";

/** An opened model and what it was opened from. */
export interface OpenedFiles extends Disposable {
  readonly model: OpenedModel;
  /** SHA-256 of each file, by name: part of the key of what is converted from it. */
  readonly hashes: Readonly<Record<string, string>>;
}

type Config = OpenedModel["config"];

/**
 * Opens a checkpoint and reads its config. No weight is read.
 *
 * @throws {SpeechmillError} If a file is damaged or cannot be read.
 */
export async function openModel(
  files: ModelFiles,
  chosen: CheckpointFiles,
): Promise<OpenedFiles> {
  if (chosen.kind === "nemo") return await openArchive(files, chosen.archive);
  const { weights, config: configName } = chosen;
  const path = await files.path(weights);
  const hashes: Record<string, string> = { [weights]: await sha256OfFile(path) };
  const config = configName === null ? null : await files.path(configName);
  if (configName !== null && config !== null) hashes[configName] = await sha256OfFile(config);
  const parsed = config === null ? null : await parseConfig(config, await readText(config));
  const { openCheckpoint } = await import("../../lib/checkpoints/open.ts");
  const checkpoint = await openCheckpoint(path);
  return opened(files.id, hashes, parsed ?? configBeside(checkpoint), config ?? path, checkpoint);
}

/** Words alone, as in safetensors (`format: pt`), are notes and no config. */
function configBeside({ metadata }: Checkpoint): Config {
  return Object.values(metadata).some((value) => typeof value !== "string") ? metadata : null;
}

async function openArchive(files: ModelFiles, name: string): Promise<OpenedFiles> {
  const path = await files.path(name);
  const hashes = { [name]: await sha256OfFile(path) };
  const { openNemo } = await import("../../lib/checkpoints/nemo.ts");
  const { config, checkpoint } = await openNemo(path);
  try {
    const place = `${path}/model_config.yaml`;
    return opened(files.id, hashes, await parseConfig(place, config), place, checkpoint);
  } catch (error) {
    checkpoint[Symbol.dispose]();
    throw error;
  }
}

function opened(
  id: string,
  hashes: Readonly<Record<string, string>>,
  config: Config,
  configPath: string,
  checkpoint: Checkpoint,
): OpenedFiles {
  return {
    model: { id, config, configPath, checkpoint },
    hashes,
    [Symbol.dispose]: () => checkpoint[Symbol.dispose](),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read the config '${path}': ${messageOf(error)}`, { cause: error });
  }
}

/** JSON is YAML too, but its own parser says better where it breaks. */
export async function parseConfig(path: string, text: string): Promise<NonNullable<Config>> {
  let parsed: PlainValue;
  try {
    parsed = path.endsWith(".json")
      ? JSON.parse(text)
      : (await import("../../lib/npm/yaml.ts")).parse(text);
  } catch (error) {
    throw new UsageError(`Cannot read the config '${path}': ${messageOf(error)}`, { cause: error });
  }
  if (parsed === null || typeof parsed !== "object" || parsed instanceof Array) {
    throw new UsageError(`Cannot read the config '${path}': it is no map of fields`);
  }
  return parsed as NonNullable<Config>;
}

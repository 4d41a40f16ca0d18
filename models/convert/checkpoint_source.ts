/**
 * Codecs that are converted from checkpoints.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type { OpenedModel } from "../checkpoint_family.ts";
import { type CheckpointFiles, chooseFiles } from "./choose_files.ts";
import { familyOf } from "./families.ts";
import type { ModelFiles } from "./model_files.ts";
import { type OpenedFiles, openModel } from "./open_model.ts";
import type { ConversionSource } from "./source.ts";
import { writeCodec } from "./write_codec.ts";

/** Finds the files of a model by what users call it. */
export type FindModel = (reference: string) => Promise<ModelFiles>;

/**
 * Opens a checkpoint and the others that its family needs.
 *
 * @throws {UsageError} If it is of no known family.
 */
export async function openCheckpointSource(
  files: ModelFiles,
  chosen: CheckpointFiles,
  find: FindModel,
): Promise<ConversionSource> {
  await using opened = new AsyncDisposableStack();
  const own = opened.use(await openModel(files, chosen));
  const family = familyOf(own.model);
  const hashes = { ...own.hashes };
  const companions: Record<string, OpenedModel> = {};
  for (const [name, repository] of Object.entries(family.companions ?? {})) {
    const companion = opened.use(await openCompanion(files, name, repository, find));
    companions[name] = companion.model;
    for (const [file, hash] of Object.entries(companion.hashes)) hashes[`${name}/${file}`] = hash;
  }
  const model = { ...own.model, companions };
  const stack = opened.move();
  return {
    hashes,
    async convert(settings) {
      const codec = await family.convert(model, settings);
      return (folder, writeOptions) => writeCodec(folder, codec, writeOptions);
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

/** A copy in the model's own folder, else the repository that it was published in. */
async function openCompanion(
  files: ModelFiles,
  name: string,
  repository: string,
  find: FindModel,
): Promise<OpenedFiles> {
  const beside = files.within(name);
  const companion = beside.names.length > 0 ? beside : await find(repository);
  const chosen = chooseFiles(companion);
  if (chosen.kind !== "export") return await openModel(companion, chosen);
  throw new UsageError(
    `Cannot convert '${files.place}': its '${companion.place}' is a ready ONNX export, and the ` +
      `original checkpoint is needed`,
  );
}

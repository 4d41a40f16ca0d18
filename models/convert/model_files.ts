/**
 * The files of a model, wherever they lie.
 *
 * @module
 */
import { basename, extname, join, resolve } from "node:path";
import { messageOf, UsageError } from "../../lib/errors.ts";
import type { HubOptions } from "../../lib/hub/repository.ts";
import type { RevisionReference } from "../../lib/hub/repository_id.ts";

/** Files by name, brought here when they are asked for. */
export interface ModelFiles {
  /** What the codec is called: `org/name`, or the name of its folder or file. */
  readonly id: string;
  /** Where it lies, for messages: `org/name`, or a path. */
  readonly place: string;
  /** The commit on the Hub that they are of; null if they lie on this machine. */
  readonly commit: string | null;
  /** Names of the files, sorted; those in folders with a slash. */
  readonly names: readonly string[];
  /** Local path of one of them. */
  path(name: string): Promise<string>;
  /** The files of a folder beside the others. */
  within(folder: string): ModelFiles;
}

/**
 * The files in a folder on this machine; of a single file, that file alone.
 *
 * @throws {UsageError} If there is neither.
 */
export function localModel(path: string): ModelFiles {
  const root = resolve(path);
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(root);
  } catch (error) {
    const found = error instanceof Deno.errors.NotFound
      ? "there is no such folder or file"
      : messageOf(error);
    throw new UsageError(`Cannot open the model '${path}': ${found}`, { cause: error });
  }
  if (info.isFile) {
    const id = basename(root, extname(root));
    return new NamedFiles({
      ...{ id, place: root, commit: null, names: [basename(root)] },
      path: () => Promise.resolve(root),
    });
  }
  return new NamedFiles({
    ...{ id: basename(root), place: root, commit: null, names: namesIn(root) },
    path: (name) => Promise.resolve(join(root, name)),
  });
}

/**
 * The files of a repository on the Hugging Face Hub, at its newest commit or the one that is named.
 *
 * @throws {SpeechmillError} If there is no such repository, or it cannot be reached.
 */
export async function hubModel(
  { id, revision }: RevisionReference,
  options: HubOptions,
): Promise<ModelFiles> {
  // Not needed for models that are here already.
  const { openModelRepository } = await import("../../lib/hub/model_repository.ts");
  const repository = await openModelRepository(id, {
    ...options,
    ...(revision === undefined ? {} : { revision }),
  });
  const { commit, files: names } = repository;
  const path = (name: string) => repository.file(name);
  return new NamedFiles({ id, place: id, commit, names, path });
}

class NamedFiles implements ModelFiles {
  readonly id: string;
  readonly place: string;
  readonly commit: string | null;
  readonly names: readonly string[];
  readonly path: (name: string) => Promise<string>;

  constructor({ id, place, commit, names, path }: Omit<ModelFiles, "within">) {
    this.id = id;
    this.place = place;
    this.commit = commit;
    this.names = [...names].sort();
    this.path = path;
  }

  within(folder: string): ModelFiles {
    const prefix = `${folder}/`;
    const names = this.names.filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
    return new NamedFiles({
      ...{ id: folder, place: `${this.place}/${folder}`, commit: this.commit, names },
      path: (name) => this.path(prefix + name),
    });
  }
}

/** Two levels: `config.json`, `onnx/encoder_model.onnx`. */
function namesIn(root: string): string[] {
  return [...Deno.readDirSync(root)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? [...Deno.readDirSync(join(root, name))].map((inner) => `${name}/${inner.name}`)
      : [name]
  );
}

/**
 * `save_local`: the dataset of a run in a folder of its own, without what belongs to the run. Data
 * files are hard links where the file system allows: the dataset is on the disk once.
 *
 * @module
 */
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { messageOf, RunConflictError, SpeechmillError, UsageError } from "../errors.ts";
import { pathExists, publishFile, realFileSystem, temporaryName } from "../fs.ts";
import { readManifest } from "../reading/manifest.ts";
import { datasetFiles, isDataName } from "./run_files.ts";

/** Marks a folder as ours, and tells which run it belongs to: also one that was half made. */
const MARK = ".speechmill-dataset";

/** What making a copy touches, so that a test can break it. */
export interface CopyOperations {
  link(from: string, to: string): void;
  copy(from: string, to: string): void;
}

const REAL: CopyOperations = { link: Deno.linkSync, copy: Deno.copyFileSync };

/**
 * Checks, before anything is encoded, that a folder can take the dataset.
 *
 * @param digest `config_digest` of the run.
 * @throws {UsageError} If it is the run directory itself, lies among the run's own files, or is a file.
 * @throws {RunConflictError} If it holds anything but this run's dataset.
 */
export function checkCopyTarget(
  folder: string,
  { directory, digest }: { readonly directory: string; readonly digest: string },
): void {
  if (resolve(folder) === resolve(directory)) {
    throw new UsageError(
      `Cannot save the dataset to '${folder}': it is the run directory, which is a dataset already: ` +
        "leave save_local out",
    );
  }
  const run = firstName(folder, directory);
  if (run === "data" || OF_THE_RUN.includes(firstName(directory, folder) ?? "")) {
    throw new UsageError(
      `Cannot save the dataset to '${folder}': its files would lie among those of the run ` +
        `'${directory}': name another folder`,
    );
  }
  if (!pathExists(folder)) return;
  if (!Deno.statSync(folder).isDirectory) {
    throw new UsageError(`Cannot save the dataset to '${folder}': it is a file`);
  }
  if ([...Deno.readDirSync(folder)].every(({ name }) => name === run)) return;
  const held = ownerOf(folder);
  if (held === digest) return;
  const what = held === null ? "files of something else" : "the dataset of another run";
  throw new RunConflictError(
    `Cannot save the dataset to '${folder}': it holds ${what}: name another folder`,
  );
}

/** Folders of a run directory that nothing else may write to. */
const OF_THE_RUN = ["data", ".speechmill"];

/** The first name on the way from a folder to what is in it; null if it is not. */
function firstName(folder: string, path: string): string | null {
  const way = relative(resolve(folder), resolve(path));
  const [first = ""] = way.split(sep);
  return first === "" || first === ".." || isAbsolute(way) ? null : first;
}

/** The run whose dataset a folder holds, or has begun to hold; null if it is not ours. */
function ownerOf(folder: string): string | null {
  try {
    return Deno.readTextFileSync(join(folder, MARK)).trim();
  } catch {
    return null;
  }
}

/**
 * Makes the folder hold the dataset of a run; what it holds of it already stays.
 *
 * @returns How many files are there.
 * @throws {SpeechmillError} If the disk does not take them; done again, it goes on.
 */
export async function copyDataset(
  directory: string,
  folder: string,
  operations: CopyOperations = REAL,
): Promise<number> {
  const manifest = await readManifest(directory);
  checkCopyTarget(folder, { directory, digest: manifest.config_digest });
  const names = [...datasetFiles(directory, manifest)];
  try {
    Deno.mkdirSync(folder, { recursive: true });
    publishFile(realFileSystem, join(folder, MARK), `${manifest.config_digest}\n`);
    for (const name of names) place(join(directory, name), join(folder, name), operations);
    removeStale(folder, new Set(names));
  } catch (error) {
    throw new SpeechmillError(
      `Cannot save the dataset to '${folder}': ${messageOf(error)}: the run itself is ` +
        `whole: make room, then 'speechmill resume ${directory}' saves it`,
      { cause: error },
    );
  }
  return names.length;
}

function place(from: string, to: string, { link, copy }: CopyOperations): void {
  if (isSameFile(from, to)) return;
  Deno.mkdirSync(dirname(to), { recursive: true });
  const temporary = temporaryName(to);
  if (pathExists(temporary)) Deno.removeSync(temporary);
  try {
    link(from, temporary);
  } catch {
    copy(from, temporary);
    using file = Deno.openSync(temporary, { read: true, write: true });
    file.syncSync();
  }
  Deno.renameSync(temporary, to);
}

/** One file under two names: a copy is made again, for its size alone tells nothing. */
function isSameFile(from: string, to: string): boolean {
  if (!pathExists(to)) return false;
  const [a, b] = [Deno.statSync(from), Deno.statSync(to)];
  return a.ino !== null && a.ino === b.ino && a.dev === b.dev;
}

/** Data files of an earlier state of the run, which a pattern such as `data/train-*` would take in. */
function removeStale(folder: string, wanted: ReadonlySet<string>): void {
  const data = join(folder, "data");
  if (!pathExists(data)) return;
  const folders = new Set([...wanted].map((name) => dirname(name)));
  for (const { name, isDirectory } of [...Deno.readDirSync(data)]) {
    const path = `data/${name}`;
    if (!isDataName(name.replace(/\.tmp$/, "")) || wanted.has(path) || folders.has(path)) continue;
    Deno.removeSync(join(folder, path), { recursive: isDirectory });
  }
}

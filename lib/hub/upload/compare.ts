/**
 * The files of a run beside those of a repository.
 *
 * @module
 */
import { RunConflictError } from "../../errors.ts";
import { isDataName } from "../../publish/run_files.ts";
import type { LocalFile } from "./local_file.ts";
import type { RemoteTree } from "./remote_tree.ts";

/** What differs. */
export interface Comparison {
  /** Files that the repository does not have. */
  readonly missing: readonly LocalFile[];
  /** Files that it has with another content. */
  readonly changed: readonly LocalFile[];
  /** Files that it has as they are. */
  readonly same: readonly LocalFile[];
  /** Names of data files that no file of the run has. Others are none of our business. */
  readonly stale: readonly string[];
}

/** Compares sizes and hashes. */
export async function compareFiles(
  files: readonly LocalFile[],
  remote: RemoteTree,
): Promise<Comparison> {
  const [missing, changed, same]: [LocalFile[], LocalFile[], LocalFile[]] = [[], [], []];
  for (const file of files) {
    const there = remote.files.get(file.name);
    if (there === undefined) missing.push(file);
    else if (await file.equals(there)) same.push(file);
    else changed.push(file);
  }
  const names = new Set(files.map(({ name }) => name));
  const stale = [...remote.files.keys()].filter((name) => isOurs(name) && !names.has(name)).sort();
  return { missing, changed, same, stale };
}

/** Whether a file, or the folder of it, has a name in `data/` that speechmill gives. */
export function isOurs(name: string): boolean {
  const [folder, first = ""] = name.split("/");
  return folder === "data" && isDataName(first);
}

const MAX_DIFFERENCES = 20;

/** What a repository is checked for. */
export interface Ownership {
  readonly repository: string;
  /** `config_digest` of the run, and of the manifest that the repository has. */
  readonly digest: string;
  readonly remoteDigest: string | null;
}

/**
 * Refuses a repository that holds files of something else, which an upload would overwrite or which
 * readers would take for the run's.
 *
 * @throws {RunConflictError}
 */
export function refuseOthers(
  { repository, digest, remoteDigest }: Ownership,
  { changed, stale }: Pick<Comparison, "stale"> & { readonly changed: readonly { name: string }[] },
): void {
  const differences = [
    ...remoteDigest === null || remoteDigest === digest
      ? []
      : ["'manifest.json' is that of another run, or of none"],
    // A manifest of the run makes what lies beside it an earlier state of the run.
    ...remoteDigest === null ? changed.map(({ name }) => `'${name}' has another content`) : [],
    ...stale.map((name) => `'${name}' is no file of this run`),
  ];
  if (differences.length === 0) return;
  const more = differences.length - MAX_DIFFERENCES;
  throw new RunConflictError(
    `Cannot upload to '${repository}': it holds files of something else: choose another ` +
      "repository, or let 'speechmill upload' replace them with --replace",
    more > 0 ? [...differences.slice(0, MAX_DIFFERENCES), `and ${more} more`] : differences,
  );
}

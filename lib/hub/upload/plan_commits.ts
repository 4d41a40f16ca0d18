/**
 * Which files go into which commit.
 *
 * @module
 */

/** What a commit may hold. */
export interface CommitLimits {
  readonly files: number;
  /** Bytes; one larger file is a commit of its own. */
  readonly bytes: number;
}

/** A file as far as planning is concerned. */
export interface SizedFile {
  readonly bytes: number;
}

/** The files of one commit. */
export interface PlannedCommit<File> {
  readonly files: readonly File[];
  /** Names of files that are removed. */
  readonly deletions: readonly string[];
}

/** What is to be committed. */
export interface CommitContents<File> {
  readonly data: readonly File[];
  /** What names or describes the data: never there before them. */
  readonly descriptions: readonly File[];
  /** Names of files that are removed at the end. */
  readonly deletions: readonly string[];
  /** The manifest of another run, which no longer holds once the first file is replaced. */
  readonly outdated: string | null;
}

/** The Hub recommends fewer than a hundred files a commit. */
const FILES = 50;
const MOST_FILES = 1000;
const BYTES = 10e9;
/** A folder of millions of files must still go up in an hour or so. */
const COMMITS = 60;

/** Limits for so many files. */
export function commitLimits(files: number): CommitLimits {
  return { files: Math.min(MOST_FILES, Math.max(FILES, Math.ceil(files / COMMITS))), bytes: BYTES };
}

/** Commits in their order; none if nothing is to be done. */
export function planCommits<File extends SizedFile>(
  { data, descriptions, deletions, outdated }: CommitContents<File>,
  limits: CommitLimits,
): PlannedCommit<File>[] {
  if (data.length + descriptions.length + deletions.length === 0) return [];
  const batches = batchesOf(data, limits);
  const last = batches.at(-1) ?? [];
  const fits = last.length + descriptions.length <= limits.files;
  const final = fits ? [...batches.pop() ?? [], ...descriptions] : descriptions;
  const commits = [...batches.map((files) => ({ files, deletions: [] })), {
    files: final,
    deletions,
  }];
  const [first, ...others] = commits;
  if (first === undefined || others.length === 0 || outdated === null) return commits;
  return [{ ...first, deletions: [...first.deletions, outdated] }, ...others];
}

function batchesOf<File extends SizedFile>(
  files: readonly File[],
  limits: CommitLimits,
): (readonly File[])[] {
  const batches: File[][] = [];
  let bytes = 0;
  for (const file of files) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= limits.files || bytes + file.bytes > limits.bytes) {
      batches.push([file]);
      bytes = file.bytes;
    } else {
      batch.push(file);
      bytes += file.bytes;
    }
  }
  return batches;
}

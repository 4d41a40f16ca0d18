/**
 * Whether the cache holds a dataset whole, where nobody can be asked what it should hold.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readlink } from "node:fs/promises";
import { basename } from "node:path";
import { SpeechmillError } from "../../errors.ts";
import type { RepositoryCache } from "../cache.ts";
import { notHere } from "../cached_repository.ts";
import type { RepositoryReference } from "../repository_id.ts";
import { OFFLINE } from "./cached_ranges.ts";
import type { DatasetFile } from "./dataset_file.ts";

/** Files of a commit that are in the cache. */
export interface CachedFiles {
  readonly repository: RepositoryReference;
  readonly commit: string;
  readonly names: readonly string[];
}

/** `name-00003-of-00012` */
const SHARD = /^(.*)-(\d{5})-of-(\d{5})(.*)$/;

/**
 * Checks by the names of shards, which say how many there are, that none of them is missing.
 *
 * @throws {SpeechmillError} If some are; the message says how to get them.
 */
export function checkShards(cache: RepositoryCache, files: CachedFiles): void {
  const counts = new Map<string, { due: number; here: number }>();
  for (const name of files.names) {
    const [, stem, , due] = SHARD.exec(name) ?? [];
    const key = `${stem}-of-${due}`;
    if (due === undefined) continue;
    counts.set(key, { due: Number(due), here: (counts.get(key)?.here ?? 0) + 1 });
  }
  for (const [key, { due, here }] of counts) {
    if (here >= due) continue;
    throw new SpeechmillError(
      `Cannot find all of '${files.repository.id}' in the cache '${cache.folder}', but ${here} of ` +
        `${due} files '${key}': ${notHere(files.repository, OFFLINE, files.commit)}`,
    );
  }
}

/** Describes a file of the cache; the name of its content there tells its hash. */
export async function describeCached(
  cache: RepositoryCache,
  { repository, commit }: CachedFiles,
  name: string,
): Promise<DatasetFile> {
  const path = cache.snapshotFile(commit, name);
  const { size } = await Deno.stat(path);
  const link = await readlink(path).catch(() => null);
  // Where there are no links, the place is as good a name as any.
  const etag = link === null ? digest(`${commit} ${size} ${name}`) : basename(link);
  return { repository, commit, name, facts: { etag, size } };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

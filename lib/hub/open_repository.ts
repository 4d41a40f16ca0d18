/**
 * Opening a repository of any type, on the Hub or, without network, in the cache.
 *
 * @module
 */
import { processEnvironment } from "../environment.ts";
import { SpeechmillError, UsageError } from "../errors.ts";
import { HubUnreachableError, type Patience } from "./back_off.ts";
import { type MakeLink, RepositoryCache } from "./cache.ts";
import { CachedRepository, notHere } from "./cached_repository.ts";
import type { HubClient } from "./client.ts";
import { connectHub } from "./connect.ts";
import { fetchListing, type Listing } from "./listing.ts";
import { hubCacheFolder, isOffline } from "./locations.ts";
import type { lockFile } from "./lock.ts";
import type { WriteAll } from "./part.ts";
import { RemoteRepository } from "./remote_repository.ts";
import type { HubOptions, HubRepository } from "./repository.ts";
import { isRepositoryId, type RepositoryReference } from "./repository_id.ts";
import type { Subject } from "./subject.ts";

/** A cached commit will do where the Hub cannot be reached, so it is not asked for long. */
const ATTEMPTS_WITH_CACHE = 2;

/** Options that only tests have a use for, beside those of everybody. */
export interface OpenOptions extends HubOptions {
  /** Branch, tag or commit. @default "main" */
  readonly revision?: string;
  /** @default symbolic links */
  readonly makeLink?: MakeLink;
  /** @default writes to the disk */
  readonly write?: WriteAll;
  /** @default locks of the file system */
  readonly lock?: typeof lockFile;
  /** Silence, in milliseconds, after which a connection counts as broken. @default 60,000 */
  readonly idleMilliseconds?: number;
}

/**
 * Resolves a revision to a commit, once; every file comes from that commit.
 *
 * @throws {UsageError} If the id has not the shape of one, or there is no such repository.
 * @throws {SpeechmillError} If the Hub refuses, or cannot be reached and nothing is cached.
 */
export async function openRepository(
  repository: RepositoryReference,
  options: OpenOptions = {},
): Promise<HubRepository> {
  const { environment = processEnvironment, revision = "main" } = options;
  if (!isRepositoryId(repository.id)) {
    throw new UsageError(
      `Cannot use '${repository.id}' as a repository of the Hub: its name is no 'org/name'`,
    );
  }
  const cache = new RepositoryCache(hubCacheFolder(environment), repository, options.makeLink);
  const commit = await cache.commitOf(revision);
  const subject = { repository, revision };
  if (isOffline(environment)) {
    return await openCached(cache, subject, commit, "HF_HUB_OFFLINE forbids to ask the Hub");
  }
  const client = await connectHub(options);
  try {
    const listing = await list(client, subject, commit !== null);
    await cache.rememberIfPossible(revision, listing.commit);
    const { onProgress, write, lock } = options;
    return new RemoteRepository({ repository, listing, client, cache, onProgress, write, lock });
  } catch (error) {
    if (commit === null || !(error instanceof HubUnreachableError)) throw error;
    return await openCached(cache, subject, commit, `the Hub does not answer (${error.message})`);
  }
}

function list(client: HubClient, subject: Subject, isCached: boolean): Promise<Listing> {
  const patience: Patience = isCached
    ? { ...client.patience, attempts: ATTEMPTS_WITH_CACHE }
    : client.patience;
  return fetchListing(client, subject, patience);
}

async function openCached(
  cache: RepositoryCache,
  { repository, revision }: Subject,
  commit: string | null,
  reason: string,
): Promise<HubRepository> {
  if (commit !== null) return await CachedRepository.open({ repository, commit, cache, reason });
  throw new SpeechmillError(
    `Cannot find '${repository.id}' at '${revision}' in the cache '${cache.folder}': ` +
      notHere(repository, reason, revision),
  );
}

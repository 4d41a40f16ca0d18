/**
 * From a revision to commits and files, by asking the Hub or by what is in the cache.
 *
 * @module
 */
import { SpeechmillError, UsageError } from "../../errors.ts";
import type { RepositoryCache } from "../cache.ts";
import { howToGet, notHere } from "../cached_repository.ts";
import type { HubClient } from "../client.ts";
import { fetchFileFacts } from "../file_facts.ts";
import { RevisionNotFoundError } from "../refusal.ts";
import { filePath } from "../repository_id.ts";
import { describeSubject, type Subject } from "../subject.ts";
import { OFFLINE } from "./cached_ranges.ts";
import { CachedTree } from "./cached_tree.ts";
import { CONVERTED } from "./converted.ts";
import { fetchCommit } from "./fetch_commit.ts";
import type { DatasetPin } from "./pins.ts";
import { RemoteTree } from "./remote_tree.ts";
import type { DatasetRequest, ResolvedFiles } from "./request.ts";
import { resolveDataset } from "./resolve.ts";
import type { DatasetTree, TreeFile } from "./tree.ts";
import { checkShards, describeCached } from "./whole_in_cache.ts";

/** What is resolved, from what is here. */
export interface CachedRequest {
  readonly cache: RepositoryCache;
  readonly subject: Subject;
  readonly request: DatasetRequest;
}

/** What is resolved, by asking the Hub. */
export interface HubDatasetRequest extends CachedRequest {
  readonly client: HubClient;
}

/** Asks the Hub. */
export async function resolveOnHub(options: HubDatasetRequest): Promise<DatasetPin> {
  const { client, cache, subject, request } = options;
  const commit = await fetchCommit(client, subject);
  await cache.rememberIfPossible(subject.revision, commit);
  const treeAt = (revision: string) =>
    new RemoteTree({ client, cache, subject: { ...subject, revision } });
  const resolved = await resolveDataset(request, {
    main: treeAt(commit),
    isConverted: subject.revision === CONVERTED,
    converted: async () => {
      const converted = await findConverted(options, commit);
      return converted === null ? null : treeAt(converted);
    },
  });
  const files = [];
  for (const file of resolved.files) {
    const place = { ...subject, revision: resolved.commit, file: file.name };
    const path = filePath(subject.repository, resolved.commit, file.name);
    const facts = file.content ?? await fetchFileFacts(client, path, place);
    files.push({ name: file.name, ...facts });
  }
  return pinOf(resolved, commit, files);
}

/** The commit of what the Hub converted; it converts the head of `main`, and nothing else. */
async function findConverted(
  { client, cache, subject }: HubDatasetRequest,
  commit: string,
): Promise<string | null> {
  const isMain = subject.revision === "main" ||
    await tryFetchCommit(client, { ...subject, revision: "main" }) === commit;
  if (!isMain) return null;
  const converted = await tryFetchCommit(client, { ...subject, revision: CONVERTED });
  if (converted !== null) await cache.rememberIfPossible(CONVERTED, converted);
  return converted;
}

async function tryFetchCommit(client: HubClient, subject: Subject): Promise<string | null> {
  try {
    return await fetchCommit(client, subject);
  } catch (error) {
    if (error instanceof RevisionNotFoundError) return null;
    throw error;
  }
}

/** Looks at the cache alone; of shards whose names count them, all must be there. */
export async function resolveCached(
  { cache, subject, request }: CachedRequest,
): Promise<DatasetPin> {
  const { repository, revision } = subject;
  const commit = await cache.commitOf(revision);
  if (commit === null) {
    throw new SpeechmillError(
      `Cannot find ${describeSubject(subject)} in the cache '${cache.folder}': ` +
        notHere(repository, OFFLINE, revision),
    );
  }
  const resolved = await resolveFromCache({ cache, subject, request }, commit);
  const names = resolved.files.map(({ name }: TreeFile) => name);
  const cached = { repository, commit: resolved.commit, names };
  checkShards(cache, cached);
  const files = await Promise.all(names.map(async (name) => {
    const { facts } = await describeCached(cache, cached, name);
    return { name, ...facts };
  }));
  const notice = `'${repository.id}' is what the cache '${cache.folder}' has of it: ${OFFLINE}`;
  return pinOf({ ...resolved, notices: [...resolved.notices, notice] }, commit, files);
}

/** What the cache lacks looks like what a repository lacks. */
async function resolveFromCache(
  { cache, subject, request }: CachedRequest,
  commit: string,
): Promise<ResolvedFiles> {
  const { repository, revision } = subject;
  try {
    return await resolveDataset(request, {
      main: new CachedTree(cache, commit),
      isConverted: revision === CONVERTED,
      converted: () => cachedConversion(cache, revision),
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new SpeechmillError(
      `${error.message}, as far as the cache '${cache.folder}' tells: ${OFFLINE}; ` +
        howToGet(repository, revision),
      { cause: error },
    );
  }
}

async function cachedConversion(
  cache: RepositoryCache,
  revision: string,
): Promise<DatasetTree | null> {
  const commit = revision === "main" ? await cache.commitOf(CONVERTED) : null;
  return commit === null ? null : new CachedTree(cache, commit);
}

function pinOf(
  { commit: filesCommit, config, split, notices }: ResolvedFiles,
  commit: string,
  files: DatasetPin["files"],
): DatasetPin {
  const convertCommit = filesCommit === commit ? null : filesCommit;
  return { commit, convertCommit, config, split, files, notices: [...notices] };
}

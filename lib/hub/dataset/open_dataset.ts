/**
 * Opening a dataset of the Hub: its revision is resolved to a commit, and its configuration and
 * split to files, once for a run.
 *
 * @module
 */
import { processEnvironment } from "../../environment.ts";
import { UsageError } from "../../errors.ts";
import { RepositoryCache } from "../cache.ts";
import type { HubClient } from "../client.ts";
import { connectHub } from "../connect.ts";
import { hubCacheFolder, isOffline } from "../locations.ts";
import type { HubOptions } from "../repository.ts";
import { isRepositoryId, type RepositoryReference } from "../repository_id.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { DatasetPin, PinStore } from "./pins.ts";
import type { DatasetRequest } from "./request.ts";
import { resolveCached, resolveOnHub } from "./resolve_pin.ts";

/** What of which dataset to open. */
export interface OpenDatasetOptions extends HubOptions {
  /** `org/name`. */
  readonly id: string;
  /** Branch, tag or commit; null for `main`. @default {null} */
  readonly revision?: string | null;
  /** Configuration; null for the default or only one. @default {null} */
  readonly config?: string | null;
  /** `train`, `train+test`, `all`; null for `train`, or the only one. @default {null} */
  readonly split?: string | null;
  /** Whether the beginning of a split will do, where the Hub converted no more. @default {false} */
  readonly allowPartial?: boolean;
  /** Where a run notes what it was planned with. @default nothing is noted */
  readonly pins?: PinStore;
}

/** The files of a configuration and split, at a commit. */
export interface HubDataset {
  readonly repository: RepositoryReference;
  /** Commits, configuration and split. */
  readonly pin: DatasetPin;
  /** Parquet, in the order of their rows. */
  readonly files: readonly DatasetFile[];
  readonly cache: RepositoryCache;
  /** Null where `HF_HUB_OFFLINE` forbids to ask. */
  readonly client: HubClient | null;
}

/**
 * Resolves what was asked for to files; what was noted before is used as it is.
 *
 * @throws {UsageError} If there is no such dataset, revision, configuration or split, or no Parquet.
 * @throws {SpeechmillError} If the Hub refuses or cannot be reached, or something is not in the cache
 * where it may not be asked.
 */
export async function openDataset(options: OpenDatasetOptions): Promise<HubDataset> {
  const { environment = processEnvironment, id, revision, pins } = options;
  const { config = null, split = null, allowPartial = false } = options;
  if (!isRepositoryId(id)) {
    throw new UsageError(`Cannot use '${id}' as a dataset of the Hub: its name is no 'org/name'`);
  }
  const repository: RepositoryReference = { type: "dataset", id };
  const subject = { repository, revision: revision ?? "main" };
  const cache = new RepositoryCache(hubCacheFolder(environment), repository);
  const client = isOffline(environment) ? null : await connectHub(options);
  const request: DatasetRequest = { id, config, split, allowPartial };
  const key = JSON.stringify([subject.revision, request]);
  const noted = await pins?.read(key) ?? null;
  const pin = noted ??
    (client === null
      ? await resolveCached({ cache, subject, request })
      : await resolveOnHub({ client, cache, subject, request }));
  if (noted === null) await pins?.write(key, pin);
  const commit = pin.convertCommit ?? pin.commit;
  const files = pin.files.map(({ name, ...facts }) => ({ repository, commit, name, facts }));
  return { repository, pin, files, cache, client };
}

/**
 * Bringing the files of a dataset here whole, into the cache that Python's `huggingface_hub` uses.
 *
 * @module
 */
import { RemoteRepository } from "../remote_repository.ts";
import type { DownloadProgress } from "../repository.ts";
import { cachedPath } from "./cached_ranges.ts";
import type { HubDataset } from "./open_dataset.ts";

/**
 * Downloads what is not in the cache, one file after the other; what was begun is gone on with.
 *
 * @returns Paths of the files, in their order.
 * @throws {SpeechmillError} If a file cannot be brought here whole, or does not have its hash.
 */
export async function downloadFiles(
  { client, cache, repository, files }: HubDataset,
  onProgress?: (progress: DownloadProgress) => void,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const file of files) {
    if (client === null) {
      paths.push(await cachedPath(cache, file));
      continue;
    }
    const listing = { commit: file.commit, files: new Map([[file.name, file.facts]]) };
    const remote = new RemoteRepository({ repository, listing, client, cache, onProgress });
    paths.push(await remote.file(file.name));
  }
  return paths;
}

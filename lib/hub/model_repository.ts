/**
 * Models on the Hugging Face Hub.
 *
 * @module
 */
import { openRepository } from "./open_repository.ts";
import type { HubOptions, HubRepository } from "./repository.ts";

export { isRepositoryId } from "./repository_id.ts";
export type { DownloadProgress, HubOptions, HubRepository } from "./repository.ts";

/**
 * Opens a model's repository at one commit. Nothing is downloaded until a file is asked for.
 *
 * Files lie in the cache of Python's `huggingface_hub`, and are found there if Python downloaded
 * them. Without network, or with `HF_HUB_OFFLINE=1`, the cached commit is opened.
 *
 * @param id `org/name`.
 * @throws {UsageError} If there is no such repository, as far as the user's token shows.
 * @throws {SpeechmillError} If the Hub refuses, or cannot be reached and nothing is cached.
 */
export function openModelRepository(
  id: string,
  options: HubOptions & {
    /** Branch, tag or commit. @default "main" */
    readonly revision?: string;
  } = {},
): Promise<HubRepository> {
  return openRepository({ type: "model", id }, options);
}

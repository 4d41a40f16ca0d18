/**
 * What the rest of speechmill sees of the Hugging Face Hub: a repository at one commit, whose
 * files are local paths once they are asked for.
 *
 * @module
 */
import type { Environment } from "../environment.ts";
import type { OnWait } from "./back_off.ts";

/** How far a download has come. */
export interface DownloadProgress {
  /** Name of the file in its repository. */
  readonly file: string;
  /** Bytes that are on this machine, those of an earlier attempt included. */
  readonly bytes: number;
  /** Size of the file in bytes; null where the server does not say. */
  readonly total: number | null;
}

/** What bringing files here touches; parameters so that tests can break any of it. */
export interface HubOptions {
  /** @default the variables of this process, where it may read them */
  readonly environment?: Environment;
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Ends requests and waiting. What was downloaded is kept to go on with. */
  readonly signal?: AbortSignal;
  /**
   * Passes the time between two attempts.
   * @default real time
   */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Called before the time between two attempts passes. */
  readonly onWait?: OnWait;
}

/** A repository at one commit. */
export interface HubRepository {
  /** `org/name`. */
  readonly id: string;
  /** The commit that everything comes from, 40 hexadecimal digits. */
  readonly commit: string;
  /** Names of all files, sorted; without network those that are in the cache. */
  readonly files: readonly string[];
  /**
   * Local path of one file, downloaded if it is not in the cache.
   *
   * What is downloaded is checked against the content hash that the Hub states; of what was in
   * the cache already, the size is.
   *
   * @throws {SpeechmillError} If there is no such file, or it cannot be brought here whole.
   */
  file(name: string): Promise<string>;
}

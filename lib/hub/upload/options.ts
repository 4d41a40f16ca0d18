/**
 * What uploading touches; parameters so that tests can break any of it.
 *
 * @module
 */
import type { Clock } from "../../clock.ts";
import type { HubOptions } from "../repository.ts";

/** How the Hub is reached for writing. */
export interface UploadOptions extends Omit<HubOptions, "onProgress"> {
  /** Whether everybody may see a repository that is made. @default {false} */
  readonly isPublic?: boolean;
  /**
   * Whether files of another run that lie in the repository are replaced and removed.
   * @default {false}
   */
  readonly replace?: boolean;
  /** @default real time */
  readonly clock?: Clock;
  /** Silence, in milliseconds, after which a connection counts as broken. @default 60,000 */
  readonly idleMilliseconds?: number;
}

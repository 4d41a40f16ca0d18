/**
 * What encoding tells beside what the engine does.
 *
 * @module
 */
import type { UploadEvent } from "../hub/upload/events.ts";
import type { RunEvent } from "../run/events.ts";
import type { FetchProgress } from "../sources/open_one.ts";

/** One thing that happened while a dataset was encoded. */
export type EncodeEvent =
  | RunEvent
  | {
    /** How the config was read, where settings of a pipeline mean something else here. */
    readonly type: "settings";
    readonly message: string;
  }
  /** A file of the input is brought here before it is listed. */
  | ({ readonly type: "fetching" } & FetchProgress)
  | {
    /** The finished dataset lies in a folder of its own. */
    readonly type: "saved";
    readonly folder: string;
    readonly files: number;
  }
  | {
    readonly type: "upload";
    /** `org/name`. */
    readonly repository: string;
    readonly event: UploadEvent;
  };

/**
 * What encoding tells beside what the engine does.
 *
 * @module
 */
import type { Wait } from "../hub/back_off.ts";
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
  | ({
    /** The Hub, or another server, is asked again after a pause. At most once a minute a reason. */
    readonly type: "waiting";
  } & Wait)
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

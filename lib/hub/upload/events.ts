/**
 * What an upload tells while it goes on.
 *
 * @module
 */
import type { Wait } from "../back_off.ts";

/** One thing that happened. */
export type UploadEvent =
  | {
    /** The repository is made, or found to be ours to write. */
    readonly type: "creating";
    readonly repository: string;
  }
  | {
    /** The files of the run are compared with those that the repository has. */
    readonly type: "comparing";
    readonly files: number;
  }
  | {
    readonly type: "uploading";
    /** Name of the file of which bytes were sent last. */
    readonly file: string;
    /** Bytes sent of all files, and how many there are to send. */
    readonly bytes: number;
    readonly total: number;
  }
  | ({
    /** The Hub is to be left alone for a while. */
    readonly type: "waiting";
  } & Wait)
  | {
    /** A failure that another attempt may not meet. */
    readonly type: "retry";
    readonly reason: string;
  }
  | {
    readonly type: "committed";
    /** 40 hexadecimal digits. */
    readonly commit: string;
    readonly files: number;
    readonly bytes: number;
  }
  | { readonly type: "warning"; readonly message: string }
  | {
    /** The repository's listing states for each file what the manifest does. */
    readonly type: "verified";
    readonly files: number;
  }
  | {
    readonly type: "finished";
    /** Files that were uploaded, and their bytes. */
    readonly files: number;
    readonly bytes: number;
    /** Files that were there already. */
    readonly skipped: number;
    readonly commits: number;
    /** Where people see the dataset. */
    readonly url: string;
  };

/** Takes events as they come. */
export type OnUploadEvent = (event: UploadEvent) => void;

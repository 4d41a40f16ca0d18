/**
 * What the worker's main thread and its other threads say to each other.
 *
 * @module
 */
import type { FailureReason } from "../lib/errors.ts";
import type { LeasedSample } from "./stage.ts";

/** Which side of a stage a thread runs. */
export type ThreadRole = "feeder" | "model";

/** A thread, as the loop drives it. */
export interface ThreadHandle {
  /** Requests it has not answered. */
  readonly load: number;
  post(request: ThreadRequest, transfer?: Transferable[]): void;
}

/** To a thread. */
export type ThreadRequest =
  | {
    readonly type: "start";
    readonly role: ThreadRole;
    readonly stage: string;
    readonly settings: Record<string, unknown>;
  }
  | { readonly type: "prepare"; readonly sample: LeasedSample }
  | {
    readonly type: "run";
    readonly batch: number;
    readonly data: Float32Array<ArrayBuffer>;
    readonly count: number;
  };

/** From a thread. */
export type ThreadReply =
  | { readonly type: "started"; readonly modelDigest: string; readonly provider: string }
  | { readonly type: "broken"; readonly message: string }
  | {
    readonly type: "prepared";
    readonly idx: number;
    readonly seconds: number;
    readonly numSamples: number;
    readonly data: Float32Array<ArrayBuffer>;
    readonly milliseconds: number;
  }
  | {
    readonly type: "unprepared";
    readonly idx: number;
    readonly reason: FailureReason;
    readonly detail: string;
  }
  | {
    readonly type: "ran";
    readonly batch: number;
    readonly results: unknown[];
    readonly milliseconds: number;
  }
  | { readonly type: "unrun"; readonly batch: number; readonly message: string };

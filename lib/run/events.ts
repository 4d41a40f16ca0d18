/**
 * What a run tells while it goes on. The command line draws them, the event log keeps them,
 * tests assert them.
 *
 * @module
 */
import type { Summary } from "./summary.ts";

/** What a worker is doing, for the live view. */
export interface WorkerView {
  /** `cpu:0` */
  readonly name: string;
  readonly state:
    | "starting"
    | "working"
    | "idle"
    | "restarting"
    | "retired"
    | "stopped";
  readonly samples: number;
  /** Seconds of audio done by this worker in this session. */
  readonly audioSeconds: number;
  /** Audio seconds per second, over the last ten seconds. */
  readonly rate: number;
  /** Samples prepared and waiting for the model. */
  readonly queued: number;
  /** Resident memory of its process, in bytes. */
  readonly resident: number;
  /** What holds it up: `decode`, `model`, or `lease` if it has nothing to do. */
  readonly waiting: "lease" | "decode" | "model" | "nothing";
}

/** Where a run stands. */
export interface Progress {
  readonly type: "progress";
  /** Samples planned; rejected lines are not among them. */
  readonly total: number;
  readonly done: number;
  readonly quarantined: number;
  readonly filtered: number;
  /** Seconds of audio done in the whole run, earlier sessions included. */
  readonly audioSeconds: number;
  /** Audio seconds per second of this session, over the last ten seconds. */
  readonly rate: number;
  /** Seconds to the end at the present speed; null while it is unknown. */
  readonly etaSeconds: number | null;
  readonly shardsSealed: number;
  readonly shards: number;
  readonly workers: readonly WorkerView[];
  /** What the run waits for, most of the time; `network` where workers wait for blocks. */
  readonly bottleneck: "network" | "decode" | "model" | "nothing";
}

/** One thing that happened. */
export type RunEvent =
  | {
    /** A codec is brought here, or its graphs are written. */
    readonly type: "converting";
    readonly codec: string;
    readonly step: "downloading" | "writing";
    /** Done so far … */
    readonly bytes: number;
    /** … of so many; null where nobody says. */
    readonly total: number | null;
  }
  | {
    readonly type: "planning";
    readonly source: string;
    readonly listed: number;
  }
  | {
    readonly type: "planned";
    readonly samples: number;
    readonly pending: number;
    readonly shards: number;
    /** Already quarantined: missing files, and what earlier sessions could not do. */
    readonly quarantined: number;
    /** Rows that column filters leave out. */
    readonly excluded: number;
    readonly resumed: boolean;
  }
  | { readonly type: "notice"; readonly message: string }
  | { readonly type: "warning"; readonly message: string }
  | {
    readonly type: "worker_started";
    readonly worker: string;
    readonly pid: number;
  }
  | {
    readonly type: "worker_ready";
    readonly worker: string;
    readonly device: string;
    readonly provider: string;
    readonly memory: number | null;
  }
  | {
    readonly type: "worker_exited";
    readonly worker: string;
    readonly cause: string;
    /** Samples that it held and had not answered. */
    readonly unanswered: number;
  }
  | {
    readonly type: "worker_retired";
    readonly worker: string;
    readonly cause: string;
  }
  | {
    /** A file of deferred samples was brought here. */
    readonly type: "block";
    readonly path: string;
    readonly milliseconds: number;
  }
  | {
    readonly type: "lease";
    readonly worker: string;
    readonly lease: number;
    readonly samples: number;
    readonly suspect: boolean;
  }
  | {
    readonly type: "batch";
    readonly worker: string;
    readonly size: number;
    readonly paddedSeconds: number;
    readonly milliseconds: number;
    readonly halvings: number;
  }
  | {
    readonly type: "retry";
    readonly id: string;
    readonly reason: string;
    readonly detail: string;
  }
  | {
    readonly type: "quarantined";
    readonly id: string;
    readonly reason: string;
    readonly detail: string;
  }
  | {
    readonly type: "sealed";
    readonly path: string | null;
    readonly rows: number;
    readonly bytes: number;
  }
  | Progress
  | { readonly type: "stopping"; readonly reason: string }
  | { readonly type: "finished"; readonly summary: Summary };

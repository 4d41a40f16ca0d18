/** A worker loop between threads that are none: a test decides which of them answers next. */
import type { InitMessage, WorkerMessage } from "../../lib/protocol/messages.ts";
import type { Cutter, LeasedSample, Piece } from "../../workers/stage.ts";
import type { ThreadHandle, ThreadRequest } from "../../workers/threads.ts";
import { WorkerLoop } from "../../workers/worker_loop.ts";

/** One number a second, so that seconds and numbers are the same. */
const SAMPLE_RATE = 1;

/** What the loop is given to do. */
export interface BenchOptions {
  /** Length of each sample's data; its index is its place here. */
  readonly lengths: readonly number[];
  /** @default {1} */
  readonly feeders?: number;
  /** @default {false} */
  readonly eager?: boolean;
  readonly limits?: Partial<InitMessage["limits"]>;
  /** The shortest window that gives the same result; null if none does. @default {null} */
  readonly minWindow?: number | null;
  /** Throws what the model would throw. */
  readonly onRun?: (samples: readonly number[], length: number) => void;
  /** The limits of a sample's own dataset. @default none */
  readonly limitsOf?: (idx: number) => Pick<LeasedSample, "minSeconds" | "maxSeconds">;
  /** What a sample is read together with. @default nothing */
  readonly regionOf?: (idx: number) => string;
  /** Why a sample cannot be prepared. */
  readonly unpreparable?: (idx: number) => boolean;
}

class FakeThread implements ThreadHandle {
  readonly requests: ThreadRequest[] = [];

  get load(): number {
    return this.requests.length;
  }

  post(request: ThreadRequest): void {
    this.requests.push(request);
  }
}

type RunRequest = Extract<ThreadRequest, { type: "run" }>;

/** A loop with its threads in the test's hand. */
export class LoopBench {
  readonly loop: WorkerLoop;
  readonly sent: WorkerMessage[] = [];
  /** Sizes of the batches that the model was given, in order. */
  readonly sizes: number[] = [];
  idle = 0;
  deviceLost: string[] = [];
  /** What each feeder was given, in order. */
  readonly prepared: number[][];
  readonly #options: BenchOptions;
  readonly #model = new FakeThread();
  readonly #feeders: readonly FakeThread[];

  constructor(options: BenchOptions) {
    this.#options = options;
    this.#feeders = Array.from({ length: options.feeders ?? 1 }, () => new FakeThread());
    this.prepared = this.#feeders.map(() => []);
    this.loop = new WorkerLoop({
      init: initMessage(options),
      plan: { read: (indices) => indices.map((idx) => leasedSample(idx, options)) },
      cutter: tilingCutter(options.minWindow ?? null),
      feeders: this.#feeders,
      model: this.#model,
      eager: options.eager ?? false,
      regionOf: ({ idx }) => options.regionOf?.(idx) ?? null,
      send: (message) => this.sent.push(message),
      onIdleAfterStop: () => this.idle++,
      onDeviceLost: (message) => this.deviceLost.push(message),
    });
  }

  lease(...indices: number[]): void {
    this.loop.command({ type: "lease", lease: 1, indices });
  }

  /** Lets one of the busy threads answer; false if none is busy. */
  step(choice: number): boolean {
    const busy = [this.#model, ...this.#feeders].filter(({ load }) => load > 0);
    const thread = busy[choice % Math.max(1, busy.length)];
    const request = thread?.requests.shift();
    if (request?.type === "prepare") {
      const { idx } = request.sample;
      this.prepared[this.#feeders.findIndex((feeder) => feeder === thread)]?.push(idx);
      this.#prepare(idx);
    } else if (request?.type === "run") this.#run(request);
    return request !== undefined;
  }

  /** Lets the threads answer, the model as late as can be, until all are idle. */
  drain(): void {
    while (this.step(1)) { /* The threads answer. */ }
  }

  /** Indices of samples in the model now. */
  get inModel(): number[] {
    return this.#model.requests.flatMap((request) => request.type === "run" ? marks(request) : []);
  }

  /** Answers, by the sample's index. */
  get answers(): Map<number, Extract<WorkerMessage, { type: "result" }>[]> {
    const results = this.sent.filter((message) => message.type === "result");
    return Map.groupBy(results, ({ index }) => index);
  }

  #prepare(idx: number): void {
    if (this.#options.unpreparable?.(idx)) {
      const detail = `Cannot read sample ${idx}`;
      return this.loop.reply({ type: "unprepared", idx, reason: "not_audio", detail });
    }
    const length = this.#options.lengths[idx] ?? 1;
    const data = new Float32Array(length).fill(idx);
    const prepared = { idx, seconds: length, numSamples: length, data, milliseconds: 1 };
    this.loop.reply({ type: "prepared", ...prepared });
  }

  #run(request: RunRequest): void {
    const { batch, data, count } = request;
    const samples = marks(request);
    this.sizes.push(count);
    try {
      this.#options.onRun?.(samples, data.length / count);
    } catch (error) {
      return this.loop.reply({ type: "unrun", batch, message: String(error) });
    }
    this.loop.reply({ type: "ran", batch, results: samples, milliseconds: 1 });
  }
}

/** The sample behind each piece of a batch: its data holds its index and nothing else. */
function marks({ data, count }: RunRequest): number[] {
  const length = data.length / count;
  return Array.from({ length: count }, (_, i) => {
    const piece = data.subarray(i * length, (i + 1) * length);
    const mark = piece[0] ?? NaN;
    if (piece.length !== length || piece.some((value) => value !== mark)) {
      throw new Error(`A batch mixes samples, or pieces of several lengths: ${piece}`);
    }
    return mark;
  });
}

function tilingCutter(minWindow: number | null): Cutter {
  return {
    ...{ sampleRate: SAMPLE_RATE, minWindow },
    cut(dataLength, window) {
      if (minWindow === null || window === 0 || window >= dataLength) {
        return [{ start: 0, length: dataLength }];
      }
      const pieces: Piece[] = [];
      for (let start = 0; start + window < dataLength; start += window) {
        pieces.push({ start, length: window });
      }
      return [...pieces, { start: dataLength - window, length: window }];
    },
    join({ dataLength }, pieces, results) {
      const end = Math.max(...pieces.map(({ start, length }) => start + length));
      if (end !== dataLength || results.length !== pieces.length || results.includes(undefined)) {
        throw new Error("The results are not those of the whole sample");
      }
      return { marks: [...new Set(results)] };
    },
    classify: (error) =>
      /no memory/.test(error)
        ? "out_of_memory"
        : /lost/.test(error)
        ? "device_lost"
        : "model_error",
  };
}

function leasedSample(idx: number, { limitsOf }: BenchOptions): LeasedSample {
  return {
    ...{ idx, id: `s${idx}`, audio: null, part: null, text: null, start: null, end: null },
    ...{ size: null, mtime: null },
    ...(limitsOf?.(idx) ?? { minSeconds: null, maxSeconds: null }),
  };
}

function initMessage({ limits, feeders = 1 }: BenchOptions): InitMessage {
  return {
    ...{ type: "init", protocol: 1, ledger: "", stage: "fake", settings: {} },
    limits: {
      ...{ batch_seconds: 100, window_seconds: 0, queue_seconds: 1000 },
      ...{ feeders, min_seconds: null, max_seconds: null },
      ...limits,
    },
  };
}

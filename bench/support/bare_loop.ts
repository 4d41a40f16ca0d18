/**
 * The loop that the engine is measured against: nothing but the codec, or the decoder, over
 * clips, on as many threads as the engine has workers.
 *
 * @module
 */
import type { BareReply, BareRequest, BareWork } from "./bare_thread.ts";

/** What to loop over. */
export interface BareLoopOptions {
  readonly work: BareWork;
  /** A codec's name, or a folder that holds one. */
  readonly codec: string;
  readonly files: readonly string[];
  readonly threads: number;
}

/** Threads with their models loaded and, to encode, their clips decoded. */
export class BareLoop implements Disposable {
  #threads: Worker[];

  private constructor(threads: Worker[]) {
    this.#threads = threads;
  }

  /** Starts the threads; each does the first file once, to warm up. */
  static async start(options: BareLoopOptions): Promise<BareLoop> {
    const { threads, ...start } = options;
    const module = new URL("./bare_thread.ts", import.meta.url);
    const loop = new BareLoop(
      Array.from({ length: threads }, () => new Worker(module, { type: "module" })),
    );
    await loop.#ask({ type: "start", ...start });
    return loop;
  }

  /** Goes over all files `times` times, the threads sharing them. */
  async measure(times: number): Promise<{ readonly seconds: number; readonly rate: number }> {
    const next = new Int32Array(new SharedArrayBuffer(4));
    const begin = performance.now();
    const shares = await this.#ask({ type: "go", times, next });
    const seconds = shares.reduce((sum, share) => sum + share, 0);
    return { seconds, rate: seconds / ((performance.now() - begin) / 1000) };
  }

  /** As `measure`; audio seconds a second alone. */
  async audioRate(times: number): Promise<number> {
    return (await this.measure(times)).rate;
  }

  [Symbol.dispose](): void {
    this.#threads.forEach((thread) => thread.terminate());
  }

  #ask(request: BareRequest): Promise<number[]> {
    return Promise.all(this.#threads.map((thread) =>
      new Promise<number>((resolve, reject) => {
        thread.onmessage = ({ data }: MessageEvent<BareReply>) => resolve(data.seconds);
        thread.onerror = (event) => reject(new Error(event.message));
        thread.postMessage(request);
      })
    ));
  }
}

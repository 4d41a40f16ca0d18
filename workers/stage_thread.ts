/**
 * A thread of the worker, as the main thread holds it.
 *
 * @module
 */
import type { ThreadHandle, ThreadReply, ThreadRequest, ThreadRole } from "./threads.ts";

/** What a thread is started for. */
export interface ThreadOptions {
  /** The module it loads. */
  readonly module: string;
  readonly role: ThreadRole;
  readonly stage: string;
  readonly settings: Record<string, unknown>;
  /** Called with every answer after it has started. */
  readonly onReply: (reply: ThreadReply, thread: StageThread) => void;
  /** Called when the thread cannot go on. */
  readonly onBroken: (message: string) => void;
}

/** A feeder or model thread. */
export class StageThread implements ThreadHandle {
  load = 0;
  #worker: Worker;
  #options: ThreadOptions;
  #started = Promise.withResolvers<Extract<ThreadReply, { type: "started" }>>();

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(options.module, { type: "module", name: options.role });
    this.#worker.onmessage = (event: MessageEvent<ThreadReply>) => this.#hear(event.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#break(event.message);
    };
    const { role, stage, settings } = options;
    this.#worker.postMessage({ type: "start", role, stage, settings } satisfies ThreadRequest);
  }

  /** Resolves when its side of the stage is made. */
  get started(): Promise<Extract<ThreadReply, { type: "started" }>> {
    return this.#started.promise;
  }

  post(request: ThreadRequest, transfer: Transferable[] = []): void {
    this.load++;
    this.#worker.postMessage(request, transfer);
  }

  #hear(reply: ThreadReply): void {
    if (reply.type === "started") return this.#started.resolve(reply);
    if (reply.type === "broken") return this.#break(reply.message);
    this.load--;
    this.#options.onReply(reply, this);
  }

  #break(message: string): void {
    this.#started.reject(new Error(message));
    this.#options.onBroken(message);
  }
}

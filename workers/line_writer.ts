/**
 * Lines to the coordinator: gathered for a moment, written in order, never torn.
 *
 * @module
 */

/** Where bytes go; `Deno.stdout` in a worker. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<number>;
}

/** Writes JSON lines. */
export class LineWriter {
  #sink: ByteSink;
  #lines: string[] = [];
  #writing: Promise<void> | null = null;
  #onBroken: () => void;

  /** @param onBroken Called when the other side is gone. */
  constructor(sink: ByteSink, onBroken: () => void) {
    this.#sink = sink;
    this.#onBroken = onBroken;
  }

  send(message: unknown): void {
    this.#lines.push(`${JSON.stringify(message)}\n`);
    this.#writing ??= this.#drain();
  }

  /** Resolves when everything sent so far is written. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #drain(): Promise<void> {
    try {
      // Whatever is sent in this turn of the event loop travels in one write.
      await Promise.resolve();
      while (this.#lines.length > 0) {
        const bytes = new TextEncoder().encode(this.#lines.splice(0).join(""));
        let written = 0;
        while (written < bytes.length) written += await this.#sink.write(bytes.subarray(written));
      }
    } catch {
      this.#onBroken();
    } finally {
      this.#writing = null;
    }
  }
}

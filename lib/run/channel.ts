/**
 * Values pushed by one side, iterated by the other.
 *
 * @module
 */

/** An unbounded queue with an end. */
export class Channel<T> implements AsyncIterable<T> {
  #values: T[] = [];
  #closed = false;
  #wake = Promise.withResolvers<void>();

  push(value: T): void {
    if (this.#closed) return;
    this.#values.push(value);
    this.#wake.resolve();
  }

  /** Ends the iteration after what was pushed. */
  close(): void {
    this.#closed = true;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    while (true) {
      const batch = this.#values.splice(0);
      yield* batch;
      if (batch.length > 0) continue;
      if (this.#closed) return;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers<void>();
    }
  }
}

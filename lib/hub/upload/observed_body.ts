/**
 * The body of a request that tells how much of it was taken.
 *
 * @module
 */

/** Another blob's bytes; `onTaken` is called as the connection takes them. */
export class ObservedBody extends Blob {
  readonly #blob: Blob;
  readonly #onTaken: (bytes: number) => void;

  constructor(blob: Blob, onTaken: (bytes: number) => void) {
    super();
    this.#blob = blob;
    this.#onTaken = onTaken;
  }

  /** A connection states it ahead of the bytes: signed links accept no body of unknown length. */
  override get size(): number {
    return this.#blob.size;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let taken = 0;
    const observe = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (piece, controller) => {
        taken += piece.length;
        this.#onTaken(taken);
        controller.enqueue(piece);
      },
    });
    return this.#blob.stream().pipeThrough(observe);
  }
}

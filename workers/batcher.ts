/**
 * Which prepared pieces go through the model together: only those of one length, because zero
 * padding beyond the model's own changes the last frames of a convolutional codec.
 *
 * @module
 */
import type { Piece } from "./stage.ts";

/** A sample that is prepared and not yet answered. */
export interface Work {
  readonly idx: number;
  readonly seconds: number;
  readonly numSamples: number;
  readonly data: Float32Array<ArrayBuffer>;
  readonly prepareMilliseconds: number;
  runMilliseconds: number;
  pieces: readonly Piece[];
  results: unknown[];
  /** Pieces without a result. */
  missing: number;
  /** Failed, or cut anew: what the model still says about its pieces counts for nothing. */
  abandoned: boolean;
}

/** One piece of one sample, waiting for the model. */
export interface QueuedPiece {
  readonly work: Work;
  /** Which of the sample's pieces it is. */
  readonly number: number;
}

/** Pieces by length, oldest first. */
export class Batcher {
  #queues = new Map<number, QueuedPiece[]>();
  #pieces = 0;
  #samplesOfAudio = 0;

  /** Pieces waiting. */
  get size(): number {
    return this.#pieces;
  }

  /** Samples of audio waiting, all pieces together. */
  get length(): number {
    return this.#samplesOfAudio;
  }

  add(work: Work): void {
    work.pieces.forEach((piece, number) => this.#queue(piece.length).push({ work, number }));
    this.#pieces += work.pieces.length;
    this.#samplesOfAudio += work.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** Puts back what is to be tried again; it comes first. */
  putBack(pieces: readonly QueuedPiece[]): void {
    for (const piece of [...pieces].reverse()) {
      const length = pieceOf(piece).length;
      this.#queue(length).unshift(piece);
      this.#pieces++;
      this.#samplesOfAudio += length;
    }
  }

  /**
   * Takes the next batch: of the fullest length.
   *
   * @param maxLength Samples of audio in a batch; one piece is always taken.
   * @param maxPieces Pieces in a batch.
   * @param partial Whether a batch that is not full may be taken.
   */
  take(maxLength: number, maxPieces: number, partial: boolean): QueuedPiece[] {
    let best: { length: number; queue: QueuedPiece[]; full: boolean; weight: number } | null = null;
    for (const [length, queue] of this.#queues) {
      const capacity = Math.max(1, Math.min(maxPieces, Math.floor(maxLength / length)));
      const weight = length * queue.length;
      const full = queue.length >= capacity;
      if (!full && !partial) continue;
      if (
        best === null || Number(full) > Number(best.full) ||
        (full === best.full && weight > best.weight)
      ) {
        best = { length, queue, full, weight };
      }
    }
    if (best === null) return [];
    const capacity = Math.max(1, Math.min(maxPieces, Math.floor(maxLength / best.length)));
    const taken = best.queue.splice(0, capacity);
    if (best.queue.length === 0) this.#queues.delete(best.length);
    this.#pieces -= taken.length;
    this.#samplesOfAudio -= taken.length * best.length;
    return taken;
  }

  /** Forgets every piece of a sample. */
  drop(work: Work): void {
    for (const [length, queue] of this.#queues) {
      const kept = queue.filter((piece) => piece.work !== work);
      const dropped = queue.length - kept.length;
      if (dropped === 0) continue;
      this.#pieces -= dropped;
      this.#samplesOfAudio -= dropped * length;
      if (kept.length === 0) this.#queues.delete(length);
      else this.#queues.set(length, kept);
    }
  }

  #queue(length: number): QueuedPiece[] {
    let queue = this.#queues.get(length);
    if (queue === undefined) this.#queues.set(length, queue = []);
    return queue;
  }
}

/** The piece's place in its sample. */
export function pieceOf({ work, number }: QueuedPiece): Piece {
  const piece = work.pieces[number];
  if (piece === undefined) {
    throw new RangeError(`Cannot find piece ${number} of sample ${work.idx}`);
  }
  return piece;
}

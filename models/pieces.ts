/**
 * Long clips in pieces, for graphs that see a finite stretch: memory stays bounded, and the
 * result is that of the whole.
 *
 * @module
 */

/** A stretch to compute, and the part of it to keep; samples, all multiples of the hop but a clip's end. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly keepFrom: number;
  readonly keepTo: number;
}

/** How to cut. */
export interface PieceOptions {
  /** Samples of the whole. */
  readonly samples: number;
  /** Where cuts may be: multiples of this. */
  readonly unit: number;
  /** Samples that a kept part needs on each side, a multiple of `unit`. */
  readonly context: number;
  /** About how many samples to keep of each piece. */
  readonly length: number;
}

/**
 * Plans the pieces of a clip. Other than windows of `planWindows` they need not be of one length:
 * the last one ends where the clip does, whole frame or not.
 */
export function planPieces({ samples, unit, context, length }: PieceOptions): Piece[] {
  const step = Math.max(unit, Math.floor(length / unit) * unit);
  if (samples <= step + context) return [{ from: 0, to: samples, keepFrom: 0, keepTo: samples }];
  const pieces: Piece[] = [];
  for (let keepFrom = 0; keepFrom < samples; keepFrom += step) {
    const keepTo = Math.min(samples, keepFrom + step);
    const [from, to] = [Math.max(0, keepFrom - context), Math.min(samples, keepTo + context)];
    pieces.push({ from, to, keepFrom, keepTo });
  }
  return pieces;
}

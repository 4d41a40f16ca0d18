/**
 * Weight normalisation, folded into plain weights.
 *
 * @module
 */

/**
 * w[i] = g[i] · v[i] / ‖v[i]‖₂ for each index i of the first dimension, the norm over all others
 * (Salimans & Kingma, arXiv:1602.07868; torch's `weight_norm` with dim = 0). Of a transposed
 * convolution the first dimension is its input channels. Computed in float64.
 *
 * @param gain g, one value for each i.
 * @param direction v, row-major.
 */
export function foldWeightNorm(
  gain: Float32Array,
  direction: Float32Array,
): Float32Array<ArrayBuffer> {
  const width = direction.length / gain.length;
  const folded = new Float32Array(direction.length);
  for (const [row, scale] of gain.entries()) {
    const start = row * width;
    let squares = 0;
    for (let i = start; i < start + width; i++) squares += (direction[i] ?? 0) ** 2;
    const factor = scale / Math.sqrt(squares);
    for (let i = start; i < start + width; i++) folded[i] = (direction[i] ?? 0) * factor;
  }
  return folded;
}

/**
 * The exponential function as torch computes it on a CPU.
 *
 * @module
 */

/** The Taylor coefficients 1/7! … 1/2!, adjusted to the interval. */
const COEFFICIENTS = [
  0.000198527617612853646278381,
  0.00139304355252534151077271,
  0.00833336077630519866943359,
  0.0416664853692054748535156,
  0.166666671633720397949219,
  0.5,
].map(Math.fround);

const [LOG2_E, LN_2_HIGH, LN_2_LOW] = [
  Math.fround(Math.LOG2E),
  Math.fround(0.693145751953125),
  Math.fround(1.428606765330187045e-6),
];

/**
 * exp(x) in float32 with the rounding of `expf` of SLEEF (Shibata & Petrogalli,
 * doi:10.1109/TPDS.2019.2960333), which torch uses: x = q · ln 2 + s, a polynomial of s, and 2^q.
 * It may differ by one bit from the float32 that is nearest.
 *
 * @param x A float32 from −80 to 80.
 */
export function torchExp(x: number): number {
  const q = Math.round(Math.fround(x * LOG2_E));
  const s = fused(q, -LN_2_LOW, fused(q, -LN_2_HIGH, x));
  const u = COEFFICIENTS.reduce((sum, coefficient) => fused(sum, s, coefficient));
  return Math.fround(1 + fused(Math.fround(s * s), u, s)) * 2 ** q;
}

/** a · b + c, rounded once: of float32 the product is exact in float64. */
function fused(a: number, b: number, c: number): number {
  return Math.fround(a * b + c);
}

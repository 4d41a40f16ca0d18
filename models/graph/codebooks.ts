/**
 * Residual vector quantisation: from latents to code indices and back.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { sameSteps, type Signal } from "./signal.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/**
 * Index of the nearest entry of a codebook, by Euclidean distance: argmax(2·x·cᵀ − ‖c‖²), since
 * ‖x‖² is the same for all entries. Ties go to the lower index, as torch's do on a CPU.
 *
 * @param value float [batch, steps, dimensions].
 * @param codebook [entries, dimensions].
 * @returns int64 [batch, steps].
 */
export function nearestEntry(graph: OnnxGraph, value: string, codebook: Weight): string {
  const [entries = 0, dimensions = 0] = codebook.shape;
  const doubled = derivedWeight(
    `${codebook.name}:search`,
    [dimensions, entries],
    [codebook],
    (table) => {
      const transposed = new Float32Array(table.length);
      for (let i = 0; i < entries; i++) {
        for (let j = 0; j < dimensions; j++) {
          transposed[j * entries + i] = 2 * (table[i * dimensions + j] ?? 0);
        }
      }
      return transposed;
    },
  );
  const norms = derivedWeight(
    `${codebook.name}:norms`,
    [entries],
    [codebook],
    (table) => squaredNorms(table, entries),
  );
  const products = graph.node("MatMul", [value, graph.weight(doubled)]);
  const scores = graph.node("Sub", [products, graph.weight(norms)]);
  return graph.node("ArgMax", [scores], { axis: 2, keepdims: 0, select_last_index: 0 });
}

/** ‖c‖² of each row, summed in float64. */
function squaredNorms(table: Float32Array, rows: number): Float32Array<ArrayBuffer> {
  const width = table.length / rows;
  return Float32Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) sum += (table[i] ?? 0) ** 2;
    return sum;
  });
}

/** Each row of a codebook divided by its length: what the normalised quantisers compare with. */
export function normalisedRows(codebook: Weight): Weight {
  const [rows = 0] = codebook.shape;
  return derivedWeight(`${codebook.name}:normalised`, codebook.shape, [codebook], (table) => {
    const norms = squaredNorms(table, rows);
    const width = table.length / rows;
    return table.map((value, i) =>
      value / Math.max(Math.sqrt(norms[Math.floor(i / width)] ?? 0), 1e-12)
    );
  });
}

/**
 * x / max(‖x‖, 10⁻¹²) over the channels of each step: torch's `F.normalize`.
 *
 * @param value float [batch, steps, dimensions].
 */
export function normalised(graph: OnnxGraph, value: string): string {
  const length = graph.node("ReduceL2", [value], { axes: [-1], keepdims: 1 });
  return graph.node("Div", [value, graph.node("Max", [length, graph.floats([1e-12], [])])]);
}

/**
 * The entries that codes stand for.
 *
 * @param codes int64 [batch, steps].
 * @param codebook [entries, dimensions].
 * @returns float [batch, dimensions, steps], `hop` samples a step.
 */
export function lookUp(graph: OnnxGraph, codes: string, codebook: Weight, hop: number): Signal {
  const rows = graph.node("Gather", [graph.weight(codebook), codes]);
  const value = graph.node("Transpose", [rows], { perm: [0, 2, 1] });
  return { value, channels: codebook.shape[1] ?? 0, hop, before: 0, after: 0 };
}

/** [batch, channels, steps] to [batch, steps, channels]; the name of the value. */
export function stepsFirst(graph: OnnxGraph, signal: Signal): string {
  return graph.node("Transpose", [signal.value], { perm: [0, 2, 1] });
}

/** [batch, steps, channels] back to a signal with the reach of `like`. */
export function channelsFirst(
  graph: OnnxGraph,
  value: string,
  like: Signal,
  channels: number,
): Signal {
  return sameSteps(like, graph.node("Transpose", [value], { perm: [0, 2, 1] }), channels);
}

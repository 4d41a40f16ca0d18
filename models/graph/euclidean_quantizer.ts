/**
 * Residual vector quantisation by Euclidean distance, without projections: EnCodec's, and what
 * lies between the projections of Mimi.
 *
 * @module
 */
import { nearestEntry } from "./codebooks.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Weight } from "./weight.ts";

/**
 * Codes of each codebook in turn, the next on what the ones before left over.
 *
 * @param value float [batch, steps, dimensions].
 * @param codebooks Each [entries, dimensions].
 * @returns int64 [batch, steps] each.
 */
export function residualCodes(
  graph: OnnxGraph,
  value: string,
  codebooks: readonly Weight[],
): string[] {
  let left = value;
  return codebooks.map((codebook, index) => {
    const codes = nearestEntry(graph, left, codebook);
    if (index < codebooks.length - 1) {
      left = graph.node("Sub", [left, rows(graph, codes, codebook)]);
    }
    return codes;
  });
}

/** Codes of several layers, int64 [batch, steps] each, as one [batch, layers, steps]. */
export function stackedCodes(graph: OnnxGraph, layers: readonly string[]): string {
  const axis = graph.integers([1]);
  const single = layers.map((codes) => graph.node("Unsqueeze", [codes, axis]));
  return graph.node("Concat", single, { axis: 1 });
}

/**
 * The sum of the entries that codes stand for, added up in the order of the codebooks.
 *
 * @param codes int64 [batch, layers, steps].
 * @param codebooks One for each layer from `first` on, each [entries, dimensions].
 * @returns float [batch, steps, dimensions].
 */
export function summedEntries(
  graph: OnnxGraph,
  codes: string,
  codebooks: readonly Weight[],
  first = 0,
): string {
  const entries = codebooks.map((codebook, index) => {
    const layer = graph.node("Gather", [codes, graph.integers([first + index], [])], { axis: 1 });
    return rows(graph, layer, codebook);
  });
  return entries.reduce((sum, next) => graph.node("Add", [sum, next]));
}

function rows(graph: OnnxGraph, codes: string, codebook: Weight): string {
  return graph.node("Gather", [graph.weight(codebook), codes]);
}

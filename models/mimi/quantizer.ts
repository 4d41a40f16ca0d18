/**
 * Mimi's quantiser: a semantic codebook and a chain of acoustic ones, both of the same latents.
 *
 * @module
 */
import { nearestEntry } from "../graph/codebooks.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { linear } from "../graph/linear.ts";
import { derivedWeight, type Weight } from "../graph/weight.ts";
import type { MimiConfig } from "./config.ts";
import type { MimiWeights } from "./weights.ts";

/** One of the two chains: what goes in and out of its few dimensions, and its codebooks in order. */
interface Chain {
  readonly input: Weight;
  readonly output: Weight;
  readonly codebooks: readonly Weight[];
}

/**
 * Codes of latents. The acoustic chain does not see what the semantic codebook took.
 *
 * @param latents float32 [batch, frames, channels].
 * @param codebooks How many to use of all: one semantic, then acoustic ones.
 * @returns int64 [batch, codebooks, frames].
 */
export function quantize(
  graph: OnnxGraph,
  latents: string,
  weights: MimiWeights,
  { config, codebooks }: { readonly config: MimiConfig; readonly codebooks: number },
): string {
  const layers: string[] = [];
  for (const { input, codebooks: chain } of chainsOf(weights, config, codebooks)) {
    let residual = linear(graph, latents, input);
    for (const [index, codebook] of chain.entries()) {
      const codes = nearestEntry(graph, residual, codebook);
      layers.push(graph.node("Unsqueeze", [codes, graph.integers([1])]));
      if (index === chain.length - 1) break;
      const entries = graph.node("Gather", [graph.weight(codebook), codes]);
      residual = graph.node("Sub", [residual, entries]);
    }
  }
  return graph.node("Concat", layers, { axis: 1 });
}

/**
 * Latents of codes: what each chain's entries sum up to, projected.
 *
 * @param codes int64 [batch, codebooks, frames].
 * @returns float [batch, frames, channels].
 */
export function dequantize(
  graph: OnnxGraph,
  codes: string,
  weights: MimiWeights,
  { config, codebooks }: { readonly config: MimiConfig; readonly codebooks: number },
): string {
  const apart = graph.nodes(
    "Split",
    [
      codes,
      graph.integers(new Array<number>(codebooks).fill(1)),
    ],
    { axis: 1 },
    codebooks,
  );
  let layer = 0;
  const projected = chainsOf(weights, config, codebooks).map(({ output, codebooks: chain }) => {
    const entries = chain.map((codebook) => {
      const row = graph.node("Squeeze", [apart[layer++] ?? "", graph.integers([1])]);
      return graph.node("Gather", [graph.weight(codebook), row]);
    });
    const sum = entries.reduce((all, entry) => graph.node("Add", [all, entry]));
    return linear(graph, sum, output);
  });
  return projected.reduce((all, part) => graph.node("Add", [all, part]));
}

/** The chains that are used. Codebooks that are not are looked up all the same, so that none may be damaged. */
function chainsOf(weights: MimiWeights, config: MimiConfig, codebooks: number): Chain[] {
  weights.ignore(/(?:_initialized|\.initialized|inited)$/);
  const semantic = chain(weights, "quantizer.rvq_first", config, 1);
  const acoustic = chain(weights, "quantizer.rvq_rest", config, config.codebooks - 1);
  const used = { ...acoustic, codebooks: acoustic.codebooks.slice(0, codebooks - 1) };
  return used.codebooks.length > 0 ? [semantic, used] : [semantic];
}

function chain(
  weights: MimiWeights,
  prefix: string,
  { channels, codebookChannels, codebookSize }: MimiConfig,
  count: number,
): Chain {
  return {
    input: matrix(weights, `${prefix}.input_proj.weight`, codebookChannels, channels),
    output: matrix(weights, `${prefix}.output_proj.weight`, channels, codebookChannels),
    codebooks: Array.from(
      { length: count },
      (_, layer) =>
        weights.codebook(`${prefix}.vq.layers.${layer}._codebook`, codebookSize, codebookChannels),
    ),
  };
}

/** A convolution over single steps as the matrix that it is. */
function matrix(weights: MimiWeights, name: string, rows: number, columns: number): Weight {
  const weight = weights.tensor(name, [rows, columns, 1]);
  return derivedWeight(`${name}:matrix`, [rows, columns], [weight], (values) => values);
}

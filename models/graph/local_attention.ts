/**
 * Attention among the steps of a window, as SNAC has it: windows do not overlap, and all steps of
 * one see each other.
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { channelsFirst, stepsFirst } from "./codebooks.ts";
import type { OnnxGraph } from "./graph.ts";
import { layerNorm, linear } from "./linear.ts";
import { type RotaryTables, rotate } from "./rotary.ts";
import { joined, type Signal, widened } from "./signal.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** Channels of one head. */
export const HEAD_CHANNELS = 64;

/**
 * x + attention(layer norm(x)), positions told by rotation and counted in each window anew.
 *
 * The reach says that a step sees the whole window around it wherever in it the step lies; what
 * is cut out of a longer signal must start where a window does.
 *
 * @param signal As many steps as are a multiple of `window`.
 * @param prefix Name of the layer in the checkpoint: `prefix.norm`, `.to_qkv`, `.to_out`,
 * `.rel_pos.inv_freq`.
 */
export function localAttention(
  graph: OnnxGraph,
  signal: Signal,
  weights: CheckpointWeights,
  prefix: string,
  window: number,
): Signal {
  const { channels } = signal;
  const norm = {
    weight: weights.tensor(`${prefix}.norm.weight`, [channels]),
    bias: weights.tensor(`${prefix}.norm.bias`, [channels]),
  };
  const projections = weights.tensor(`${prefix}.to_qkv.weight`, [3 * channels, channels]);
  const output = weights.tensor(`${prefix}.to_out.weight`, [channels, channels]);
  const frequencies = weights.tensor(`${prefix}.rel_pos.inv_freq`, [HEAD_CHANNELS / 2]);
  const normed = layerNorm(graph, stepsFirst(graph, signal), norm, 1e-5);
  const mixed = attend(
    graph,
    linear(graph, normed, scaledQueries(projections)),
    windowTables(graph, frequencies, window),
    { window, heads: channels / HEAD_CHANNELS },
  );
  const joint = graph.node("Reshape", [mixed, graph.node("Shape", [normed])]);
  const change = channelsFirst(graph, linear(graph, joint, output), signal, channels);
  const reach = widened(change, { before: window - 1, after: window - 1 });
  return joined(signal, reach, graph.node("Add", [signal.value, change.value]));
}

/**
 * @param projected float [batch, steps, 3 × channels]: queries, already scaled, keys, values.
 * @returns float [batch × windows, window, heads, channels of a head].
 */
function attend(
  graph: OnnxGraph,
  projected: string,
  tables: RotaryTables,
  { window, heads }: { readonly window: number; readonly heads: number },
): string {
  const shape = graph.integers([-1, window, 3, heads, HEAD_CHANNELS]);
  // [3, batch × windows, heads, window, channels of a head]
  const apart = graph.node("Transpose", [graph.node("Reshape", [projected, shape])], {
    perm: [2, 0, 3, 1, 4],
  });
  const [turning = "", values = ""] = splitFirst(graph, apart, [2, 1]);
  const [queries = "", keys = ""] = splitFirst(graph, rotate(graph, turning, tables), [1, 1]);
  const across = graph.node("Transpose", [keys], { perm: [0, 1, 2, 4, 3] });
  const shares = graph.node("Softmax", [graph.node("MatMul", [queries, across])], { axis: -1 });
  const mixed = graph.node("MatMul", [shares, values]);
  return graph.node("Transpose", [mixed], { perm: [0, 1, 3, 2, 4] });
}

function splitFirst(graph: OnnxGraph, value: string, sizes: readonly number[]): string[] {
  return graph.nodes("Split", [value, graph.integers(sizes)], { axis: 0 }, sizes.length);
}

/** The first third of the rows, those of the queries, divided by √channels of a head. */
function scaledQueries(projections: Weight): Weight {
  return derivedWeight(`${projections.name}:scaled`, projections.shape, [projections], (values) => {
    const scale = 1 / Math.sqrt(HEAD_CHANNELS);
    return values.map((value, i) => i < values.length / 3 ? value * scale : value);
  });
}

/** Tables for the positions of one window, of the frequencies that the checkpoint holds. */
function windowTables(graph: OnnxGraph, frequencies: Weight, window: number): RotaryTables {
  const table = (name: string, value: (angle: number, channel: number) => number) =>
    graph.weight(derivedWeight(
      `${frequencies.name}:${name}`,
      [window, HEAD_CHANNELS],
      [frequencies],
      (radians) =>
        Float32Array.from({ length: window * HEAD_CHANNELS }, (_, i) => {
          const channel = i % HEAD_CHANNELS;
          const position = Math.floor(i / HEAD_CHANNELS);
          return value(
            Math.fround(position * (radians[channel % radians.length] ?? 0)),
            channel,
          );
        }),
    ));
  return {
    cosine: table("cosine", Math.cos),
    sine: table(
      "sine",
      (angle, channel) => channel < HEAD_CHANNELS / 2 ? -Math.sin(angle) : Math.sin(angle),
    ),
  };
}

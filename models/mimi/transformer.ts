/**
 * Mimi's transformers, one before and one after the quantiser: causal, looking back ten seconds.
 *
 * @module
 */
import { gelu } from "../graph/activations.ts";
import { channelsFirst, stepsFirst } from "../graph/codebooks.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { layerNorm, linear, scaledRows } from "../graph/linear.ts";
import { rotaryFrequencies } from "../graph/rotary.ts";
import { type Signal, unbounded } from "../graph/signal.ts";
import {
  type AttentionPlan,
  planAttention,
  windowedAttention,
} from "../graph/windowed_attention.ts";
import type { MimiConfig } from "./config.ts";
import type { MimiWeights } from "./weights.ts";

/**
 * A stack of layers. Each one sees a window, all together see as many windows as there are layers;
 * and positions count from the start of the clip, in float32, so that its reach is said to have
 * no end.
 */
export function transformer(
  graph: OnnxGraph,
  signal: Signal,
  weights: MimiWeights,
  { config, half }: { readonly config: MimiConfig; readonly half: "encoder" | "decoder" },
): Signal {
  const { channels, heads, window, ropeBase } = config;
  const headChannels = channels / heads;
  const frequencies = rotaryFrequencies(headChannels, ropeBase);
  let value = stepsFirst(graph, signal);
  const plan = planAttention(graph, value, { heads, headChannels, window, frequencies });
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = `${half}_transformer.transformer.layers.${layer}`;
    value = attend(graph, value, weights, { prefix, config, plan });
    value = feedForward(graph, value, weights, { prefix, config });
  }
  return unbounded(channelsFirst(graph, value, signal, channels), { causal: true });
}

/** x + scale · out(attention(norm(x))); the scale is part of the output's weight. */
function attend(
  graph: OnnxGraph,
  value: string,
  weights: MimiWeights,
  { prefix, config, plan }: {
    readonly prefix: string;
    readonly config: MimiConfig;
    readonly plan: AttentionPlan;
  },
): string {
  const { channels, heads, normEpsilon } = config;
  const normed = layerNorm(graph, value, weights.norm(`${prefix}.norm1`, channels), normEpsilon);
  const projection = weights.attention(`${prefix}.self_attn`, channels, heads);
  const mixed = windowedAttention(graph, linear(graph, normed, projection), plan);
  const output = scaledRows(
    weights.tensor(`${prefix}.self_attn.out_proj.weight`, [channels, channels]),
    weights.tensor(`${prefix}.layer_scale_1.scale`, [channels]),
  );
  return graph.node("Add", [value, linear(graph, mixed, output)]);
}

/** x + scale · W₂ gelu(W₁ norm(x)). */
function feedForward(
  graph: OnnxGraph,
  value: string,
  weights: MimiWeights,
  { prefix, config }: { readonly prefix: string; readonly config: MimiConfig },
): string {
  const { channels, feedForward: width, normEpsilon } = config;
  const normed = layerNorm(graph, value, weights.norm(`${prefix}.norm2`, channels), normEpsilon);
  const wide = linear(
    graph,
    normed,
    weights.tensor(`${prefix}.linear1.weight`, [width, channels]),
  );
  const output = scaledRows(
    weights.tensor(`${prefix}.linear2.weight`, [channels, width]),
    weights.tensor(`${prefix}.layer_scale_2.scale`, [channels]),
  );
  return graph.node("Add", [value, linear(graph, gelu(graph, wide), output)]);
}

/**
 * Mimi's convolutions: SEANet (Tagliasacchi et al., arXiv:2009.02095) without recurrent layers,
 * every convolution causal and padded with zeros.
 *
 * @module
 */
import { add, elu } from "../graph/activations.ts";
import { causalConvolution, causalTransposedConvolution } from "../graph/causal_convolution.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import type { Signal } from "../graph/signal.ts";
import type { MimiConfig } from "./config.ts";
import type { MimiWeights } from "./weights.ts";

/** Audio [batch, 1, samples] to features. */
export function seanetEncoder(
  graph: OnnxGraph,
  audio: Signal,
  weights: MimiWeights,
  config: MimiConfig,
): Signal {
  const layers = new Layers(graph, weights, "encoder");
  let signal = layers.convolution(0, audio, config.filters, config.kernel);
  let index = 1;
  for (const ratio of config.ratios.toReversed()) {
    signal = layers.residualUnit(index, signal, config);
    signal = elu(graph, signal);
    signal = layers.convolution(index + 2, signal, 2 * signal.channels, 2 * ratio, ratio);
    index += 3;
  }
  return layers.convolution(index + 1, elu(graph, signal), config.channels, config.lastKernel);
}

/** Features to audio [batch, 1, samples]. */
export function seanetDecoder(
  graph: OnnxGraph,
  features: Signal,
  weights: MimiWeights,
  config: MimiConfig,
): Signal {
  const layers = new Layers(graph, weights, "decoder");
  const widest = config.filters * 2 ** config.ratios.length;
  let signal = layers.convolution(0, features, widest, config.kernel);
  let index = 1;
  for (const ratio of config.ratios) {
    signal = layers.transposed(index + 1, elu(graph, signal), ratio);
    signal = layers.residualUnit(index + 2, signal, config);
    index += 3;
  }
  return layers.convolution(index + 1, elu(graph, signal), 1, config.lastKernel);
}

/** The numbered layers of one half. Activations have numbers too. */
class Layers {
  readonly #graph: OnnxGraph;
  readonly #weights: MimiWeights;
  readonly #prefix: string;

  constructor(graph: OnnxGraph, weights: MimiWeights, half: "encoder" | "decoder") {
    this.#graph = graph;
    this.#weights = weights;
    this.#prefix = `${half}.model`;
  }

  convolution(
    layer: number | string,
    signal: Signal,
    channels: number,
    kernel: number,
    stride = 1,
  ): Signal {
    const weights = this.#weights.convolution(
      `${this.#prefix}.${layer}.conv.conv`,
      [channels, signal.channels, kernel],
      channels,
    );
    return causalConvolution(this.#graph, signal, weights, { mode: "constant", stride });
  }

  /** Half as many channels, `stride` times as many steps. */
  transposed(layer: number, signal: Signal, stride: number): Signal {
    const channels = signal.channels / 2;
    const weights = this.#weights.convolution(
      `${this.#prefix}.${layer}.convtr.convtr`,
      [signal.channels, channels, 2 * stride],
      channels,
    );
    return causalTransposedConvolution(this.#graph, signal, weights, { stride });
  }

  /** x + conv₁(elu(conv(elu(x)))). */
  residualUnit(
    layer: number,
    signal: Signal,
    { residualKernel, compress }: MimiConfig,
  ): Signal {
    const graph = this.#graph;
    const narrow = signal.channels / compress;
    const middle = this.convolution(
      `${layer}.block.1`,
      elu(graph, signal),
      narrow,
      residualKernel,
    );
    const result = this.convolution(`${layer}.block.3`, elu(graph, middle), signal.channels, 1);
    return add(graph, signal, result);
  }
}

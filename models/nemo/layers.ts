/**
 * The layers that NeMo's encoders and decoders are made of, those of HiFi-GAN (Kong et al.,
 * arXiv:2010.05646).
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { add, elu, halfSnake, leakyRelu, snake } from "../graph/activations.ts";
import { causalConvolution } from "../graph/causal_convolution.ts";
import { convolution, type ConvolutionWeights, padSteps } from "../graph/convolution.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { sameSteps, type Signal } from "../graph/signal.ts";
import type { NemoHalf } from "./config.ts";

/** torch's default, where HiFi-GAN has 0.1. */
const SLOPE = 0.01;

/** A convolution to write. */
export interface NemoConvolution {
  /** Channels that come out. */
  readonly channels: number;
  readonly kernel: number;
  /** @default {1} */
  readonly stride?: number;
  /** @default {1} */
  readonly dilation?: number;
}

/** Writes layers of an encoder or a decoder into a graph. */
export class NemoLayers {
  readonly graph: OnnxGraph;
  readonly half: NemoHalf;
  readonly #weights: CheckpointWeights;
  readonly #prefix: string;

  /** @param prefix What the names of the half's tensors begin with: `audio_encoder`. */
  constructor(graph: OnnxGraph, half: NemoHalf, weights: CheckpointWeights, prefix: string) {
    this.graph = graph;
    this.half = half;
    this.#weights = weights;
    this.#prefix = prefix;
  }

  /** A convolution that gives steps / stride steps, padded as the half is. */
  convolution(signal: Signal, name: string, options: NemoConvolution): Signal {
    const { channels, kernel, stride = 1, dilation = 1 } = options;
    const weights = this.weights(name, [channels, signal.channels, kernel], channels);
    const { causal, padding: mode } = this.half;
    if (causal) {
      return causalConvolution(this.graph, signal, weights, { mode, stride, dilation });
    }
    const reach = paddingOf(options);
    const padding = [reach, reach] as const;
    if (mode === "constant") {
      return convolution(this.graph, signal, weights, { stride, dilation, padding });
    }
    const padded = padSteps(this.graph, signal, padding, mode);
    return convolution(this.graph, padded, weights, { stride, dilation });
  }

  /** The weights of a convolution of the half. */
  weights(name: string, shape: readonly number[], bias: number): ConvolutionWeights {
    return this.#weights.convolution(`${this.#prefix}.${name}.conv`, shape, bias);
  }

  /** The activation of the half, with the parameters of this name where it has any. */
  activation(signal: Signal, name: string): Signal {
    const { channels } = signal;
    const alpha = (inside: string, count: number) =>
      this.#weights.tensor(`${this.#prefix}.${name}.activation.${inside}`, [1, count, 1]);
    switch (this.half.activation) {
      case "elu":
        return elu(this.graph, signal);
      case "lrelu":
        return leakyRelu(this.graph, signal, SLOPE);
      case "snake":
        return snake(this.graph, signal, alpha("alpha", channels));
      case "half_snake": {
        const half = alpha("snake_act.alpha", Math.floor(channels / 2));
        return halfSnake(this.graph, signal, half, SLOPE);
      }
    }
  }

  /** The mean of a chain of residual blocks of each kernel, all of the same signal. */
  residualLayer(signal: Signal, name: string): Signal {
    const chains = this.half.residualKernels.map((kernel, i) =>
      this.half.residualDilations.reduce(
        (chain, dilation, j) =>
          this.#residualBlock(chain, `${name}.res_blocks.${i}.res_blocks.${j}`, kernel, dilation),
        signal,
      )
    );
    const sum = chains.reduce((total, chain) => add(this.graph, total, chain));
    const share = this.graph.floats([1 / chains.length], []);
    return sameSteps(sum, this.graph.node("Mul", [sum.value, share]));
  }

  #residualBlock(signal: Signal, name: string, kernel: number, dilation: number): Signal {
    const { channels } = signal;
    const first = this.activation(signal, `${name}.input_activation`);
    const inner = this.convolution(first, `${name}.input_conv`, { channels, kernel, dilation });
    const second = this.activation(inner, `${name}.skip_activation`);
    return add(
      this.graph,
      signal,
      this.convolution(second, `${name}.skip_conv`, { channels, kernel }),
    );
  }
}

/** Steps that a convolution which is not causal is padded with on each side. */
export function paddingOf(
  { kernel, stride = 1, dilation = 1 }: Omit<NemoConvolution, "channels">,
): number {
  return stride === 1 ? (kernel - 1) * dilation / 2 : Math.floor((kernel - stride + 1) / 2);
}

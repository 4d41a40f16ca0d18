/**
 * The layers that EnCodec's encoder and decoder are made of (SEANet, arXiv:2009.02095).
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { add, elu } from "../graph/activations.ts";
import { causalConvolution, causalTransposedConvolution } from "../graph/causal_convolution.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { lstm } from "../graph/lstm.ts";
import type { Signal } from "../graph/signal.ts";
import type { EncodecConfig } from "./config.ts";
import type { EncodecNames, Half } from "./names.ts";

/** Where the layers of one half of a model come from. */
export interface EncodecSource {
  readonly config: EncodecConfig;
  readonly weights: CheckpointWeights;
  readonly names: EncodecNames;
}

/** A convolution to write. */
export interface EncodecConvolution {
  readonly layer: number;
  /** Its name inside the layer, such as `block.1`. */
  readonly inside?: string;
  /** Channels that come out. */
  readonly channels: number;
  readonly kernel: number;
  /** @default {1} */
  readonly stride?: number;
  /** @default {1} */
  readonly dilation?: number;
}

/** Writes layers of one half of a model into a graph. */
export class EncodecLayers {
  readonly graph: OnnxGraph;
  readonly config: EncodecConfig;
  readonly #weights: CheckpointWeights;
  readonly #names: EncodecNames;
  readonly #half: Half;

  constructor(graph: OnnxGraph, { config, weights, names }: EncodecSource, half: Half) {
    this.graph = graph;
    this.config = config;
    this.#weights = weights;
    this.#names = names;
    this.#half = half;
  }

  /** A causal convolution over a signal reflected at its ends. */
  convolution(signal: Signal, options: EncodecConvolution): Signal {
    const { layer, inside, channels, kernel, stride = 1, dilation = 1 } = options;
    const name = this.#names.convolution(this.#half, layer, inside);
    const weights = this.#weights.convolution(name, [channels, signal.channels, kernel], channels);
    return causalConvolution(this.graph, signal, weights, { mode: "reflect", stride, dilation });
  }

  /** A transposed convolution to `stride` times as many steps of half the channels. */
  transposed(signal: Signal, layer: number, stride: number): Signal {
    const channels = signal.channels / 2;
    const shape = [signal.channels, channels, 2 * stride];
    const weights = this.#weights.convolution(this.#names.transposed(layer), shape, channels);
    return causalTransposedConvolution(this.graph, signal, weights, { stride });
  }

  /** Two convolutions of few channels, and a shortcut around them. */
  residualUnit(signal: Signal, layer: number, unit: number): Signal {
    const { compression, residualKernel: kernel, dilationGrowth } = this.config;
    const { channels } = signal;
    const inner = this.convolution(this.elu(signal), {
      layer,
      inside: "block.1",
      channels: Math.floor(channels / compression),
      kernel,
      dilation: dilationGrowth ** unit,
    });
    const outer = { layer, inside: "block.3", channels, kernel: 1 };
    const block = this.convolution(this.elu(inner), outer);
    return add(this.graph, this.#shortcut(signal, layer), block);
  }

  #shortcut(signal: Signal, layer: number): Signal {
    if (!this.config.convolvedShortcut) return signal;
    const { channels } = signal;
    return this.convolution(signal, { layer, inside: "shortcut", channels, kernel: 1 });
  }

  /** LSTM layers, and one shortcut around all of them. */
  recurrent(signal: Signal, layer: number): Signal {
    const { channels } = signal;
    const name = this.#names.lstm(this.#half, layer);
    const layers = Array.from({ length: this.config.recurrentLayers }, (_, i) => ({
      input: this.#weights.tensor(`${name}.weight_ih_l${i}`, [4 * channels, channels]),
      recurrent: this.#weights.tensor(`${name}.weight_hh_l${i}`, [4 * channels, channels]),
      inputBias: this.#weights.tensor(`${name}.bias_ih_l${i}`, [4 * channels]),
      recurrentBias: this.#weights.tensor(`${name}.bias_hh_l${i}`, [4 * channels]),
    }));
    return add(this.graph, lstm(this.graph, signal, layers), signal);
  }

  /** The activation between all layers. */
  elu(signal: Signal): Signal {
    return elu(this.graph, signal);
  }
}

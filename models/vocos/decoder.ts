/**
 * Vocos: ConvNeXt blocks over frames, and spectra that an inverse Fourier transform makes sound
 * of (Siuzdak, arXiv:2306.00814).
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { add, gelu } from "../graph/activations.ts";
import { channelsFirst, stepsFirst } from "../graph/codebooks.ts";
import { convolution } from "../graph/convolution.ts";
import type { OnnxGraph } from "../graph/graph.ts";
import { binsOf, inverseStft } from "../graph/inverse_stft.ts";
import { layerNorm, linear, type NormWeights, scaledRows } from "../graph/linear.ts";
import type { Signal } from "../graph/signal.ts";
import { derivedWeight, type Weight } from "../graph/weight.ts";
import type { VocosConfig } from "./config.ts";

/** Steps that each convolution sees on either side. */
const REACH = 3;
const EPSILON = 1e-6;
/** Magnitudes of spectra are cut at this. */
const LOUDEST = 100;

/** Writes Vocos for codes of one bandwidth. */
export class VocosDecoder {
  readonly #graph: OnnxGraph;
  readonly #config: VocosConfig;
  readonly #weights: CheckpointWeights;
  readonly #bandwidth: number;

  /** @param bandwidth The index of the codes' bandwidth in `config.bandwidths`. */
  constructor(
    graph: OnnxGraph,
    config: VocosConfig,
    weights: CheckpointWeights,
    bandwidth: number,
  ) {
    this.#graph = graph;
    this.#config = config;
    this.#weights = weights;
    this.#bandwidth = bandwidth;
  }

  /** Sums of EnCodec's entries, [batch, inputs, frames], to audio. */
  write(features: Signal): Signal {
    const { channels, inputs, blocks } = this.#config;
    const embed = this.#weights.convolution(
      "backbone.embed",
      [channels, inputs, 2 * REACH + 1],
      channels,
    );
    const padding = [REACH, REACH] as const;
    const embedded = convolution(this.#graph, features, embed, { padding });
    const first = this.#norm(stepsFirst(this.#graph, embedded), this.#chosenNorm("backbone.norm"));
    let signal = channelsFirst(this.#graph, first, embedded, channels);
    for (let block = 0; block < blocks; block++) {
      signal = this.#block(signal, `backbone.convnext.${block}`);
    }
    return this.#head(signal);
  }

  #block(signal: Signal, name: string): Signal {
    const { channels, inner } = this.#config;
    const depthwise = this.#weights.convolution(
      `${name}.dwconv`,
      [channels, 1, 2 * REACH + 1],
      channels,
    );
    const mixed = convolution(this.#graph, signal, depthwise, {
      groups: channels,
      padding: [REACH, REACH],
    });
    const steps = this.#norm(stepsFirst(this.#graph, mixed), this.#chosenNorm(`${name}.norm`));
    const wide = gelu(
      this.#graph,
      this.#linear(steps, this.#layer(`${name}.pwconv1`, inner, channels)),
    );
    const gamma = this.#weights.tensor(`${name}.gamma`, [channels]);
    const { weight, bias } = this.#layer(`${name}.pwconv2`, channels, inner);
    const narrow = this.#linear(wide, {
      weight: scaledRows(weight, gamma),
      bias: scaledRows(bias, gamma),
    });
    return add(this.#graph, signal, channelsFirst(this.#graph, narrow, mixed, channels));
  }

  #head(signal: Signal): Signal {
    const { channels, size, hop } = this.#config;
    const normed = this.#norm(stepsFirst(this.#graph, signal), {
      weight: this.#weights.tensor("backbone.final_layer_norm.weight", [channels]),
      bias: this.#weights.tensor("backbone.final_layer_norm.bias", [channels]),
    });
    // Phases go round more often than float16 can tell.
    const last = this.#graph.to("float32", normed);
    const spectra = ([0, 1] as const).map((parity) => {
      const bins = binsOf(size, parity);
      const rows = [...bins, ...bins.map((bin) => size / 2 + 1 + bin)];
      const part = this.#linear(
        last,
        chosenRows(this.#layer("head.out", size + 2, channels), rows),
      );
      return this.#complex(part, bins.length);
    });
    const window = this.#weights.tensor("head.istft.window", [size]);
    const [even = "", odd = ""] = spectra;
    return inverseStft(this.#graph, [even, odd], signal, { window, hop });
  }

  /** Logarithms of magnitudes and phases to real and imaginary parts. */
  #complex(spectra: string, bins: number): string {
    const graph = this.#graph;
    const sizes = graph.integers([bins, bins]);
    const [logarithm = "", phase = ""] = graph.nodes("Split", [spectra, sizes], { axis: 2 }, 2);
    const loudest = graph.floats([LOUDEST], []);
    const magnitude = graph.node("Min", [graph.node("Exp", [logarithm]), loudest]);
    const real = graph.node("Mul", [magnitude, graph.node("Cos", [phase])]);
    const imaginary = graph.node("Mul", [magnitude, graph.node("Sin", [phase])]);
    return graph.node("Concat", [real, imaginary], { axis: 2 });
  }

  #norm(steps: string, weights: NormWeights): string {
    return layerNorm(this.#graph, steps, weights, EPSILON);
  }

  /** A norm whose scale and shift were learned for each bandwidth. */
  #chosenNorm(name: string): NormWeights {
    return {
      weight: this.#chosenRow(`${name}.scale.weight`),
      bias: this.#chosenRow(`${name}.shift.weight`),
    };
  }

  #chosenRow(name: string): Weight {
    const { bandwidths, channels } = this.#config;
    const table = this.#weights.tensor(name, [bandwidths.length, channels]);
    const start = this.#bandwidth * channels;
    return derivedWeight(
      `${name}:${this.#bandwidth}`,
      [channels],
      [table],
      (rows) => rows.slice(start, start + channels),
    );
  }

  #layer(name: string, outputs: number, inputs: number): NormWeights {
    return {
      weight: this.#weights.tensor(`${name}.weight`, [outputs, inputs]),
      bias: this.#weights.tensor(`${name}.bias`, [outputs]),
    };
  }

  #linear(value: string, { weight, bias }: NormWeights): string {
    const graph = this.#graph;
    return graph.node("Add", [linear(graph, value, weight), graph.weight(bias)]);
  }
}

/** Some outputs of a layer. */
function chosenRows({ weight, bias }: NormWeights, rows: readonly number[]): NormWeights {
  const [, width = 0] = weight.shape;
  const name = `${rows[0]} to ${rows.at(-1)}`;
  return {
    weight: derivedWeight(`${weight.name}:${name}`, [rows.length, width], [weight], (values) => {
      const chosen = new Float32Array(rows.length * width);
      for (const [to, from] of rows.entries()) {
        chosen.set(values.subarray(from * width, (from + 1) * width), to * width);
      }
      return chosen;
    }),
    bias: derivedWeight(
      `${bias.name}:${name}`,
      [rows.length],
      [bias],
      (values) => Float32Array.from(rows, (row) => values[row] ?? 0),
    ),
  };
}

/**
 * A convolutional encoder with seeded weights, of any cost, over the contract of `docs/codecs.md`.
 * Its tokens mean nothing; they depend on all of the audio in its receptive field.
 *
 * @module
 */
import { OnnxGraph } from "../../models/graph/graph.ts";
import { seededRandom, seededWeights } from "./random.ts";

/** What makes one. */
export interface ConvEncoderOptions {
  /** Channels at a quarter of the sample rate, where the residual blocks are. */
  readonly channels: number;
  /** Residual blocks; the cost grows with them. */
  readonly blocks: number;
  /** @default {4} */
  readonly layers?: number;
  /** @default {1024} */
  readonly codebookSize?: number;
  /** @default {1} */
  readonly seed?: number;
  /** @default {"audio"} */
  readonly inputName?: string;
}

/** Samples that one code stands for: the product of the strides. */
export const CONV_ENCODER_HOP = 4 * 4 * 4 * 5;

/** Kernel, stride and padding of the layers that shorten the signal. */
const DOWN = [
  { kernel: 8, stride: 4, padding: 2 },
  { kernel: 8, stride: 4, padding: 2 },
  { kernel: 5, stride: 5, padding: 0 },
] as const;

/**
 * Writes the encoder: `audio` float32 [batch, 1, samples] to `codes` int64
 * [batch, layers, samples / 320].
 *
 * A strided convolution, residual blocks of kernel 7, three more strided convolutions, and for
 * each layer the index of the largest of `codebookSize` linear outputs.
 */
export function convEncoder(options: ConvEncoderOptions): Uint8Array {
  const { channels, layers = 4, codebookSize = 1024, inputName = "audio" } = options;
  const graph = new OnnxGraph();
  graph.input({ name: inputName, type: "float32", shape: ["batch", 1, "samples"] });
  const convolve = convolutions(graph, seededRandom(options.seed ?? 1));
  let value = convolve(inputName, 1, channels, { kernel: 8, stride: 4, padding: 2 });
  for (let block = 0; block < options.blocks; block++) {
    const active = graph.node("Tanh", [value]);
    const change = convolve(active, channels, channels, { kernel: 7, stride: 1, padding: 3 });
    value = graph.node("Add", [value, change]);
  }
  let width = channels;
  for (const shape of DOWN) {
    const wider = Math.min(2 * width, 256);
    value = convolve(graph.node("Tanh", [value]), width, wider, shape);
    width = wider;
  }
  const scores = convolve(value, width, layers * codebookSize, {
    kernel: 1,
    stride: 1,
    padding: 0,
  });
  const shape = graph.integers([0, layers, codebookSize, -1]);
  const byLayer = graph.node("Reshape", [scores, shape]);
  const codes = graph.node("ArgMax", [byLayer], { axis: 2, keepdims: 0 });
  graph.output({ name: "codes", type: "int64", shape: ["batch", layers, "frames"] }, codes);
  return graph.toBytes();
}

/** Samples on each side of a frame that its codes depend on, at most. */
export function convEncoderContext(blocks: number): number {
  let samples = 8;
  let stride = 4;
  samples += blocks * 3 * stride;
  for (const { kernel, stride: step } of DOWN) {
    samples += kernel * stride;
    stride *= step;
  }
  return Math.ceil(samples / CONV_ENCODER_HOP) * CONV_ENCODER_HOP;
}

function convolutions(graph: OnnxGraph, random: () => number) {
  return (
    value: string,
    from: number,
    to: number,
    { kernel, stride, padding }: { kernel: number; stride: number; padding: number },
  ): string => {
    const weights = seededWeights(random, to * from * kernel, from * kernel);
    const bias = seededWeights(random, to, 10_000);
    return graph.node("Conv", [
      value,
      graph.floats(weights, [to, from, kernel]),
      graph.floats(bias, [to]),
    ], { kernel_shape: [kernel], strides: [stride], pads: [padding, padding] });
  };
}

/**
 * How long the chunks are that DAC's command line cuts long clips into.
 *
 * @module
 */
import type { Chunking } from "../codec.ts";
import type { DacConfig } from "./config.ts";
import { DILATIONS, LATENT_KERNEL, OUTER_KERNEL } from "./source.ts";

/** Seconds of the command line's windows: what `dac encode` passes on if nothing is asked. */
const WINDOW_SECONDS = 5;

/** One convolution along time, as far as lengths go. */
interface Layer {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly transposed: boolean;
}

/**
 * The chunks of a model, as `compress()`, `get_delay()` and `get_output_length()` of
 * descript-audio-codec count them: chunks are encoded without any padding, so that neighbours
 * overlap by what the convolutions lose at both ends.
 */
export function chunkingOf(config: DacConfig): Chunking {
  const { sampleRate, hop } = config;
  const wholeSamples = WINDOW_SECONDS * sampleRate;
  const samples = Math.ceil(wholeSamples / hop) * hop;
  const encoder = encoderLayers(config);
  const layers = [...encoder, ...decoderLayers(config)];
  const frames = outputLength(encoder, samples);
  const step = outputLength(layers, samples);
  const shortest = outputLength(layers, 0);
  const lead = Math.floor((inputLength(layers, shortest) - shortest) / 2);
  return { wholeSamples, samples, lead, step, reach: reachOf(decoderLayers(config)), frames };
}

function encoderLayers({ encoderRates }: DacConfig): Layer[] {
  return [
    convolution(OUTER_KERNEL),
    ...encoderRates.flatMap((rate) => [...unitLayers(), convolution(2 * rate, rate)]),
    convolution(LATENT_KERNEL),
  ];
}

function decoderLayers({ decoderRates }: DacConfig): Layer[] {
  return [
    convolution(OUTER_KERNEL),
    ...decoderRates.flatMap((rate) => [
      { kernel: 2 * rate, stride: rate, dilation: 1, transposed: true },
      ...unitLayers(),
    ]),
    convolution(OUTER_KERNEL),
  ];
}

function unitLayers(): Layer[] {
  return DILATIONS.map((dilation) => convolution(7, 1, dilation));
}

function convolution(kernel: number, stride = 1, dilation = 1): Layer {
  return { kernel, stride, dilation, transposed: false };
}

/** Samples from one of the audio to the end of the codes that it is decoded from, without padding. */
function reachOf(decoder: readonly Layer[]): number {
  const start = { reach: 0, hop: 1 };
  return decoder.reduceRight(
    ({ reach, hop }, { kernel, stride, dilation, transposed }) =>
      transposed
        ? { reach, hop: hop * stride }
        : { reach: reach + dilation * (kernel - 1) * hop, hop },
    start,
  ).reach;
}

/** Steps that unpadded layers give for so many. */
function outputLength(layers: readonly Layer[], steps: number): number {
  return layers.reduce((length, { kernel, stride, dilation, transposed }) => {
    const reach = dilation * (kernel - 1) + 1;
    return transposed ? (length - 1) * stride + reach : Math.floor((length - reach) / stride + 1);
  }, steps);
}

/** Steps that unpadded layers need to give so many. */
function inputLength(layers: readonly Layer[], steps: number): number {
  return layers.toReversed().reduce((length, { kernel, stride, dilation, transposed }) => {
    const reach = dilation * (kernel - 1) + 1;
    return transposed ? Math.ceil((length - reach) / stride + 1) : (length - 1) * stride + reach;
  }, steps);
}

/**
 * How the graphs of a codec are fed: names of tensors, and which graph may be run in windows.
 *
 * @module
 */

/** A graph between audio and features that sees a finite stretch, so that long clips run in windows. */
export interface WindowedGraph {
  /** Samples that one step of features stands for. */
  readonly hop: number;
  /** Samples of true audio needed on each side, a multiple of `hop`. */
  readonly context: number;
}

/** What `codec.json` says beside the facts of the codec. */
export interface CodecLayout {
  /** Name of the encoder's (or the analysis') input, float32 [batch, 1, samples]. */
  readonly audio: string;
  /**
   * Name of the codes, int64: one tensor [batch, layers, frames], or, where layers differ in
   * length, one [batch, frames of the layer] each.
   */
  readonly codes: string | readonly string[];
  /** Name of the decoder's (or the synthesis') output, float32 [batch, 1, samples]. */
  readonly decoded: string;
  /**
   * Where encoding is cut in two: `analysis.onnx` makes `features` float32 [batch, channels,
   * ceil(samples / hop)] of audio in windows, and `encoder.onnx` makes codes of all features.
   */
  readonly analysis: WindowedGraph | null;
  /**
   * Where decoding is cut in two: `decoder.onnx` makes `features` float32 [batch, channels,
   * steps] of all codes, and `synthesis.onnx` makes audio of them in windows.
   */
  readonly synthesis: WindowedGraph | null;
  /**
   * Where `decoder.onnx` alone makes audio: samples on each side that it depends on, a multiple
   * of each hop; null where there is no such number, so that clips are decoded whole.
   */
  readonly decoderContext: number | null;
  /**
   * Where the decoder adds noise that depends on the place in the clip: its input int64 [1] that
   * says at which sample the audio of these codes starts; null where it has none.
   */
  readonly position: string | null;
  /** Samples that decoding gives less than frames × hop: 8 for DAC's odd strides. */
  readonly shortfall: number;
  /** How clips are made ready, where that is more than zeros at the end. */
  readonly preparation: "none" | "dac-chunks";
}

/** The layout of a codec of two plain graphs. */
export const PLAIN_LAYOUT: CodecLayout = {
  audio: "audio",
  codes: "codes",
  decoded: "audio",
  analysis: null,
  synthesis: null,
  decoderContext: null,
  position: null,
  shortfall: 0,
  preparation: "none",
};

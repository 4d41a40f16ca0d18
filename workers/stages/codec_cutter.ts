/**
 * How clips are cut for a codec, and their codes joined.
 *
 * @module
 */
import type { FailureReason } from "../../lib/errors.ts";
import { type CodecSpec, type Codes, validLength, wholeFramesLength } from "../../models/codec.ts";
import { classifyRuntimeError } from "../../models/runtime_errors.ts";
import { joinWindows, planWindows, shortestWindow, windowLength } from "../../models/windows.ts";
import type { Cutter, Piece } from "../stage.ts";

/** Cuts long clips into windows that change no token. */
export class CodecCutter implements Cutter {
  readonly sampleRate: number;
  readonly minWindow: number | null;
  #spec: CodecSpec;
  #lengthOf: typeof validLength;

  /**
   * @param wholeFrames Keep the codes up to the end of the last coarse frame: those of the
   * model's own padding there stand in token layouts that have whole frames only.
   */
  constructor(spec: CodecSpec, wholeFrames = false) {
    this.#spec = spec;
    this.#lengthOf = wholeFrames ? wholeFramesLength : validLength;
    this.sampleRate = spec.sampleRate;
    this.minWindow = shortestWindow(spec);
  }

  cut(dataLength: number, windowSamples: number): readonly Piece[] {
    const window = windowSamples === 0 ? null : windowLength(this.#spec, windowSamples);
    return planWindows(this.#spec, dataLength, window);
  }

  join(
    sample: { readonly dataLength: number; readonly numSamples: number },
    pieces: readonly Piece[],
    results: readonly unknown[],
  ): Record<string, unknown> {
    const window = pieces.length === 1 ? null : pieces[0]?.length ?? null;
    const windows = planWindows(this.#spec, sample.dataLength, window);
    const whole = joinWindows(this.#spec, windows, results as readonly Codes[]);
    const codes = whole.map((layer, i) =>
      layer.slice(0, this.#lengthOf(this.#spec, i, sample.numSamples))
    );
    return { codes, num_samples: sample.numSamples };
  }

  classify(error: string): FailureReason | "device_lost" {
    const kind = classifyRuntimeError(error);
    return kind === "other" ? "model_error" : kind;
  }
}

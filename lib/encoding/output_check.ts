/**
 * What a worker answered for a clip, checked before it is recorded.
 *
 * @module
 */
import { type CodecSpec, type Codes, validLength, wholeFramesLength } from "../../models/codec.ts";
import type { Layout } from "../layouts/layout.ts";
import type { StageOutput } from "../run/job.ts";

/** The codes of an answer that was checked. */
export function codesOf(output: StageOutput): Codes {
  return output["codes"] as Codes;
}

/** What is wrong with an answer of the codec stage, or null. */
export function outputFault(
  spec: CodecSpec,
  { wholeFrames }: Pick<Layout, "wholeFrames">,
  output: StageOutput,
): string | null {
  const { codes, num_samples: samples } = output;
  if (typeof samples !== "number" || !Number.isInteger(samples) || samples < 1) {
    return `Cannot use the codes: they stand for ${samples} samples`;
  }
  if (!Array.isArray(codes) || codes.length !== spec.hopLengths.length) {
    return `Cannot use the codes: '${spec.id}' has ${spec.hopLengths.length} layers`;
  }
  const lengthOf = wholeFrames ? wholeFramesLength : validLength;
  for (const [i, layer] of codes.entries()) {
    const expected = lengthOf(spec, i, samples);
    if (!Array.isArray(layer) || layer.length !== expected) {
      return `Cannot use the codes: layer ${
        i + 1
      } holds ${layer?.length} codes, ${samples} samples make ${expected}`;
    }
    const wrong = layer.find((code) =>
      !(Number.isInteger(code) && code >= 0 && code < spec.codebookSize)
    );
    if (wrong !== undefined) {
      return `Cannot use the codes: layer ${
        i + 1
      } holds ${wrong}, the codebook has ${spec.codebookSize} entries`;
    }
  }
  return null;
}

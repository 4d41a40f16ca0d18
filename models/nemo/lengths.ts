/**
 * The shortest clip of a NeMo codec.
 *
 * @module
 */
import type { NemoConfig, NemoHalf } from "./config.ts";
import { paddingOf } from "./layers.ts";

/** A convolution: what it pads with, and how many steps of its signal a frame has. */
interface PaddedStep {
  readonly padding: number;
  readonly stepsPerFrame: number;
}

/**
 * Frames that encoding and decoding need. A signal can be reflected only into its own length: it
 * must be longer than each padding. Other modes take one frame.
 */
export function leastFrames({ samplesPerFrame, encoder, decoder }: NemoConfig): number {
  return Math.max(
    ...reflections(encoder, samplesPerFrame, 1),
    ...reflections(decoder, 1, samplesPerFrame),
  );
}

/** Frames that each convolution of a half needs. */
function reflections(half: NemoHalf, first: number, last: number): number[] {
  if (half.causal || half.padding !== "reflect") return [1];
  return [
    { padding: paddingOf({ kernel: half.inKernel }), stepsPerFrame: first },
    { padding: paddingOf({ kernel: half.outKernel }), stepsPerFrame: last },
    ...stages(half, first, last),
  ].map(({ padding, stepsPerFrame }) => Math.floor(padding / stepsPerFrame) + 1);
}

function stages(half: NemoHalf, first: number, last: number): PaddedStep[] {
  const down = first > last;
  const kernel = Math.max(...half.residualKernels);
  const dilation = Math.max(...half.residualDilations);
  let steps = first;
  return half.rates.flatMap((stride) => {
    const before = steps;
    steps = down ? steps / stride : steps * stride;
    const residual = {
      padding: paddingOf({ kernel, dilation }),
      stepsPerFrame: down ? before : steps,
    };
    if (!down) return [residual];
    return [residual, {
      padding: paddingOf({ kernel: 2 * stride, stride }),
      stepsPerFrame: before,
    }];
  });
}

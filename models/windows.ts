/**
 * Cuts long clips into windows of one length whose codes, joined, are those of the whole clip.
 *
 * A device then sees one shape for nearly the whole dataset: no padding is wasted, its memory is
 * known, and no clip is too long. It works where the encoder's receptive field is finite: a
 * frame that sees `spec.context` samples of true audio on both sides does not know where its
 * window ends. Measured on public codecs in `docs/codecs.md`.
 *
 * @module
 */
import { type CodecSpec, type Codes, validLength } from "./codec.ts";

/** One window of a clip. All four are in samples of the padded clip, multiples of the padding unit. */
export interface Window {
  /** Where it starts. */
  readonly start: number;
  /** How long it is; the same for each window of a clip. */
  readonly length: number;
  /** Codes from here … */
  readonly keepFrom: number;
  /** … to here, exclusive, come from this window. */
  readonly keepTo: number;
}

/**
 * The shortest window that gives the codes of the whole clip: context on both sides, and one
 * unit that is kept; and no shorter than the codec's shortest clip.
 *
 * @returns Samples, or null where the codec's receptive field has no end, so that only whole
 * clips are exact.
 */
export function shortestWindow(spec: CodecSpec): number | null {
  const { context, paddingUnit, minimumSamples } = spec;
  return context === null ? null : Math.max(2 * context + paddingUnit, minimumSamples);
}

/**
 * The length of the windows for a wanted length: whole padding units, rounded up, and no shorter
 * than the shortest. Counted in samples: seconds would round some lengths up by one unit.
 *
 * @returns Samples, or null where only whole clips are exact.
 */
export function windowLength(spec: CodecSpec, samples: number): number | null {
  const shortest = shortestWindow(spec);
  if (shortest === null) return null;
  return Math.max(shortest, Math.ceil(samples / spec.paddingUnit) * spec.paddingUnit);
}

/**
 * Plans the windows of one clip.
 *
 * A clip that is no longer than the window, or whose codec has no finite receptive field, is one
 * window. Otherwise all windows have `windowSamples`; neighbours overlap by the context on each
 * side, the last one ends at the clip's padded end, and the kept ranges tile the clip.
 *
 * @param paddedSamples Length of the padded clip, a positive multiple of `spec.paddingUnit`.
 * @param windowSamples Length of a window, a multiple of `spec.paddingUnit` above twice the
 * context; null for whole clips.
 * @throws {RangeError} If a length is not as said.
 */
export function planWindows(
  spec: CodecSpec,
  paddedSamples: number,
  windowSamples: number | null,
): Window[] {
  checkUnits(spec, "a clip", paddedSamples);
  if (
    spec.context === null || windowSamples === null ||
    paddedSamples <= windowSamples
  ) {
    return [{
      start: 0,
      length: paddedSamples,
      keepFrom: 0,
      keepTo: paddedSamples,
    }];
  }
  checkUnits(spec, "a window", windowSamples);
  const step = windowSamples - 2 * spec.context;
  if (step <= 0) {
    throw new RangeError(
      `Cannot cut windows of ${windowSamples} samples: '${spec.id}' needs ${spec.context} ` +
        `samples of context on each side`,
    );
  }
  return cut(paddedSamples, windowSamples, spec.context, step);
}

function cut(
  samples: number,
  length: number,
  context: number,
  step: number,
): Window[] {
  const windows: Window[] = [];
  let keepFrom = 0;
  for (let start = 0; start + length < samples; start += step) {
    const keepTo = start + length - context;
    windows.push({ start, length, keepFrom, keepTo });
    keepFrom = keepTo;
  }
  windows.push({ start: samples - length, length, keepFrom, keepTo: samples });
  return windows;
}

/**
 * Joins the codes of a clip's windows.
 *
 * @param windows As `planWindows` gave them.
 * @param codes The codes of each window, in the same order, of the window's whole length.
 * @returns The codes of the padded clip.
 * @throws {RangeError} If the codes do not belong to these windows.
 */
export function joinWindows(
  spec: CodecSpec,
  windows: readonly Window[],
  codes: readonly Codes[],
): Codes {
  if (windows.length !== codes.length) {
    throw new RangeError(
      `Cannot join ${windows.length} windows: codes of ${codes.length} were given`,
    );
  }
  return spec.hopLengths.map((hop, layer) =>
    windows.flatMap(({ start, length, keepFrom, keepTo }, index) => {
      const row = codes[index]?.[layer];
      // A whole clip that was not padded has a last frame of less than a hop.
      const due = windows.length === 1 ? validLength(spec, layer, length) : length / hop;
      if (row?.length !== due) {
        throw new RangeError(
          `Cannot join window ${index}: layer ${layer} has ${row?.length} codes ` +
            `where ${due} were due`,
        );
      }
      if (windows.length === 1) return row;
      return row.slice((keepFrom - start) / hop, (keepTo - start) / hop);
    })
  );
}

function checkUnits(spec: CodecSpec, what: string, samples: number): void {
  if (
    !Number.isInteger(samples) || samples <= 0 ||
    samples % spec.paddingUnit !== 0
  ) {
    throw new RangeError(
      `Cannot cut windows: ${what} of ${samples} samples is no positive multiple of ` +
        `the padding unit of '${spec.id}', ${spec.paddingUnit}`,
    );
  }
}

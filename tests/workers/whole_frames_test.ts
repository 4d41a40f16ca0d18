import assert from "node:assert/strict";
import { type CodecSpec, validLength, wholeFramesLength } from "../../models/codec.ts";
import { CodecCutter } from "../../workers/stages/codec_cutter.ts";

/** As SNAC 24 kHz. */
const SPEC: CodecSpec = {
  ...{ id: "snac", name: "snac", sampleRate: 24_000, paddingUnit: 2048, minimumSamples: 2048 },
  ...{ hopLengths: [2048, 1024, 512], codebookSize: 4096, context: 2048 },
  ...{ licence: "MIT", notice: null },
};

Deno.test("wholeFramesLength() counts to the end of the last coarse frame with real audio", () => {
  const lengths = (samples: number) =>
    SPEC.hopLengths.map((_, layer) => wholeFramesLength(SPEC, layer, samples));
  assert.deepEqual([1, 2048, 2049].map(lengths), [[1, 2, 4], [1, 2, 4], [2, 4, 8]]);
  const chunking = { wholeSamples: 0, samples: 9, lead: 0, step: 8, reach: 0, frames: 5 };
  const chunked = { id: "dac", hopLengths: [2], chunking };
  assert.equal(wholeFramesLength(chunked, 0, 19), validLength(chunked, 0, 19));
});

Deno.test("CodecCutter keeps the codes of padding in the last coarse frame where it is told to", () => {
  const sample = { dataLength: 4096, numSamples: 2049 };
  const codes = [[1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8]];
  const joined = (wholeFrames: boolean) => {
    const cutter = new CodecCutter(SPEC, wholeFrames);
    return cutter.join(sample, cutter.cut(sample.dataLength, 0), [codes]);
  };
  assert.deepEqual(joined(true), { codes, num_samples: 2049 });
  const valid = [[1, 2], [1, 2, 3], [1, 2, 3, 4, 5]];
  assert.deepEqual(joined(false), { codes: valid, num_samples: 2049 });
});

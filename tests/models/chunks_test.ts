import assert from "node:assert/strict";
import { chunkOf, framesOfChunks, samplesOfChunks } from "../../models/chunks.ts";
import { type Chunking, validLength } from "../../models/codec.ts";
import { DAC } from "../../models/dac/mod.ts";
import fc from "../../lib/npm/fast_check.ts";
import { goldenModel, readGolden } from "../support/golden.ts";

/** As `get_delay()`, `get_output_length()` and the codes of the reference are. */
const PUBLISHED: readonly (Chunking & { readonly golden: string; readonly hop: number })[] = [
  {
    ...{ golden: "dac/narrow_16khz", hop: 320, wholeSamples: 80_000, samples: 80_000 },
    ...{ lead: 5264, step: 69_346, reach: 5904, frames: 234 },
  },
  {
    ...{ golden: "dac/narrow_24khz", hop: 320, wholeSamples: 120_000, samples: 120_000 },
    ...{ lead: 5264, step: 109_346, reach: 5904, frames: 359 },
  },
  {
    ...{ golden: "dac/narrow_44khz", hop: 512, wholeSamples: 220_500, samples: 220_672 },
    ...{ lead: 7904, step: 204_650, reach: 8928, frames: 416 },
  },
];

for (const { golden, hop, ...chunking } of PUBLISHED) {
  Deno.test(`the chunks of '${golden}' are the reference's`, async () => {
    const model = goldenModel("narrow", await readGolden(golden));
    const { spec, layout } = await DAC.convert(model, { chunked: true });
    assert.deepEqual(spec.chunking, chunking);
    assert.equal(layout.preparation, "dac-chunks");
    assert.deepEqual([spec.paddingUnit, spec.minimumSamples, spec.context], [1, 1, null]);
    assert.equal(
      validLength(spec, 0, chunking.wholeSamples),
      Math.ceil(chunking.wholeSamples / hop),
    );
    assert.equal(
      validLength(spec, 0, chunking.wholeSamples + 1),
      framesOfChunks(chunking, hop, chunking.wholeSamples + 1),
    );
  });

  Deno.test(`samplesOfChunks() inverts framesOfChunks() for '${golden}'`, () => {
    const lengths = fc.integer({ min: chunking.wholeSamples + 1, max: 100_000_000 });
    fc.assert(fc.property(lengths, (samples) => {
      const frames = framesOfChunks(chunking, hop, samples);
      assert.ok(frames > Math.ceil(chunking.wholeSamples / hop));
      const decoded = samplesOfChunks(chunking, hop, frames);
      assert.ok(samples <= decoded && decoded < samples + hop + chunking.reach, `${decoded}`);
      assert.ok(frames <= Math.ceil(samples / chunking.step) * chunking.frames);
    }));
  });
}

Deno.test("samplesOfChunks() refuses a last chunk too short for one sample", () => {
  const chunking = { wholeSamples: 9, samples: 10, lead: 2, step: 4, reach: 6, frames: 5 };
  assert.equal(samplesOfChunks(chunking, 2, 9), 6);
  assert.throws(
    () => samplesOfChunks(chunking, 2, 8),
    new RangeError(
      "Cannot decode 8 codes a layer: in chunks of 5, the last one has 3, too few for one sample",
    ),
  );
});

Deno.test("chunkOf() gives zeros beyond both ends of a clip", () => {
  const chunking = { wholeSamples: 4, samples: 6, lead: 2, step: 3, reach: 0, frames: 3 };
  const pcm = Float32Array.of(1, 2, 3, 4, 5);
  assert.deepEqual([...chunkOf(chunking, pcm, 0)], [0, 0, 1, 2, 3, 4]);
  assert.deepEqual([...chunkOf(chunking, pcm, 1)], [2, 3, 4, 5, 0, 0]);
});

import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import type { CodecSpec } from "../../models/codec.ts";
import { packClips, packLayers, packRow, unpackLayers } from "../../models/tensors.ts";

const SPEC: CodecSpec = {
  id: "test",
  name: "test",
  sampleRate: 16_000,
  paddingUnit: 4,
  minimumSamples: 4,
  hopLengths: [2, 2],
  codebookSize: 1024,
  context: null,
  licence: "none",
  notice: null,
};

Deno.test("packClips() lays clips one after the other", () => {
  const packed = packClips(SPEC, [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)]);
  assert.deepEqual(packed.dims, [2, 1, 4]);
  assert.deepEqual([...packed.data], [1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("packClips() throws for clips that cannot share a batch", () => {
  const [four, eight, five] = [4, 8, 5].map((length) => new Float32Array(length));
  assert.ok(four && eight && five);
  assert.throws(
    () => packClips(SPEC, [four, eight]),
    /clip 0 has 4 samples and clip 1 has 8; a batch holds clips of one length$/,
  );
  assert.throws(
    () => packClips(SPEC, [five]),
    /'test' takes multiples of 4; pad with zeros first$/,
  );
  assert.throws(() => packClips(SPEC, [new Float32Array(0)]), /1 clips of 0 samples/);
});

Deno.test("unpackLayers() gives back what packLayers() packed", () => {
  const codes = fc.array(fc.tuple(fc.nat({ max: 1023 }), fc.nat({ max: 1023 })), { minLength: 1 });
  fc.assert(fc.property(codes, (frames) => {
    const layers = [frames.map(([first]) => first), frames.map(([, second]) => second)];
    const packed = packLayers(SPEC, layers);
    assert.deepEqual(unpackLayers(SPEC, packed, [1, 2, frames.length]), [layers]);
  }));
});

Deno.test("unpackLayers() reads clips, layers and frames in this order", () => {
  const data = BigInt64Array.from({ length: 12 }, (_, index) => BigInt(index));
  assert.deepEqual(unpackLayers(SPEC, { data, dims: [2, 2, 3] }, [2, 2, 3]), [
    [[0, 1, 2], [3, 4, 5]],
    [[6, 7, 8], [9, 10, 11]],
  ]);
});

Deno.test("unpackLayers() reads a view that does not start its buffer", () => {
  const data = BigInt64Array.of(7n, 1n, 2n).subarray(1);
  assert.deepEqual(unpackLayers(SPEC, { data, dims: [1, 2, 1] }, [1, 2, 1]), [[[1], [2]]]);
});

Deno.test("unpackLayers() throws for a code outside the codebook", () => {
  for (const code of [1024n, -1n, 1n << 32n, -(1n << 63n)]) {
    const data = BigInt64Array.of(0n, code);
    assert.throws(() => unpackLayers(SPEC, { data, dims: [1, 2, 1] }, [1, 2, 1]), {
      name: "SampleError",
      reason: "bad_output",
      message: `Cannot use the codes of 'test': frame 0 has code ${code}, outside 0 to 1023`,
    });
  }
});

Deno.test("unpackLayers() throws for another shape or type", () => {
  const data = new BigInt64Array(4);
  for (
    const tensor of [
      { data, dims: [1, 4, 1] },
      { data: new Float32Array(4), dims: [1, 2, 2] },
      undefined,
    ]
  ) assert.throws(() => unpackLayers(SPEC, tensor, [1, 2, 2]), { reason: "bad_output" });
});

Deno.test("packRow() and unpackLayers() hold one layer of its own length", () => {
  const packed = packRow(SPEC, [3, 1, 2], 1);
  assert.deepEqual(packed.dims, [1, 3]);
  assert.deepEqual(unpackLayers(SPEC, packed, [1, 3]), [[[3, 1, 2]]]);
  assert.throws(() => packRow(SPEC, [1024], 1), /code 0 of layer 1 is 1024/);
});

Deno.test("packLayers() throws for codes that are not this codec's", () => {
  for (
    const [codes, message] of [
      [[[1, 2], [3]], /layer 1 has 1 codes and layer 0 has 2/],
      [
        [[1], [1024]],
        /code 0 of layer 1 is 1024; the codes of 'test' are integers from 0 to 1023$/,
      ],
      [[[-1], [0]], /is -1/],
      [[[0.5], [0]], /is 0.5/],
      [[[NaN], [0]], /is NaN/],
    ] as const
  ) {
    const rows = codes.map((row) => [...row]);
    assert.throws(() => packLayers(SPEC, rows), { name: "RangeError", message });
  }
});

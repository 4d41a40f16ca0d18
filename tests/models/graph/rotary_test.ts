import assert from "node:assert/strict";
import { halvesFromPairs, rotaryFrequencies, rotaryTables } from "../../../models/graph/rotary.ts";
import { type GraphTensor, OnnxGraph, type Precision } from "../../../models/graph/graph.ts";
import { torchExp } from "../../../models/graph/torch_exp.ts";
import { OpenGraph } from "../../support/run_graph.ts";

/** The bits of `torch.exp(torch.arange(32) * (-math.log(10000) * 2 / 64))`, torch 1.13 on a CPU. */
// deno-fmt-ignore
const TORCH = [
  0x3f800000, 0x3f3ff911, 0x3f0ff59a, 0x3ed7e89a, 0x3ea1e89b, 0x3e72d422, 0x3e361887, 0x3e088d77,
  0x3dcccccc, 0x3d99940d, 0x3d6655c1, 0x3d2cba16, 0x3d0186e2, 0x3cc2434e, 0x3c91ad3a, 0x3c5a7bf1,
  0x3c23d70a, 0x3bf5b9ad, 0x3bb8449a, 0x3b8a2e75, 0x3b4f3e33, 0x3b1b690e, 0x3ae91528, 0x3aaec98e,
  0x3a83126e, 0x3a44948a, 0x3a136a14, 0x39dd1722, 0x39a5cb60, 0x3978a80d, 0x393a7753, 0x390bd46d,
];

/** Float32 bits of x and of torch.exp(x); of all but the last two, the nearest float32 is another. */
const EXPONENTIALS = [
  [0xc1350c9d, 0x374c5fd0],
  [0xc09278c5, 0x3c287aee],
  [0xc119860f, 0x388eb77a],
  [0x41c0d568, 0x50db08c8],
  [0xc10894f8, 0x394dbb64],
  [0xc288a965, 0x0e2b2fb2],
  [0xc135d4e3, 0x37429f2c],
  [0xc08611b9, 0x3c783d82],
] as const;

function floatsOf(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

Deno.test("rotaryFrequencies() has the bits of torch", () => {
  assert.deepEqual(rotaryFrequencies(64, 10000), floatsOf(TORCH));
});

Deno.test("torchExp() has the bits of torch, where they are not the nearest ones too", () => {
  for (const bits of EXPONENTIALS) {
    const [x = NaN, y = NaN] = floatsOf(bits);
    assert.equal(torchExp(x), y, `exp(${x})`);
    assert.ok(Math.abs(y / Math.exp(x) - 1) < 2 ** -22);
  }
  assert.equal(
    EXPONENTIALS.filter((bits) => {
      const [x = NaN, y = NaN] = floatsOf(bits);
      return Math.fround(Math.exp(x)) === y;
    }).length,
    2,
  );
});

const COUNT: GraphTensor = { name: "count", type: "int64", shape: [] };

async function tables(count: number, precision: Precision): Promise<Float32Array[]> {
  const graph = new OnnxGraph(precision);
  const { cosine, sine } = rotaryTables(graph, graph.input(COUNT), rotaryFrequencies(64, 10000));
  for (const [name, value] of [["cosine", cosine], ["sine", sine]] as const) {
    graph.output({ name, type: "float32", shape: ["count", 64] }, value);
  }
  await using open = await OpenGraph.open(graph, [COUNT]);
  const found = await open.run({ count: { data: BigInt64Array.of(BigInt(count)), dims: [] } });
  return ["cosine", "sine"].map((name) => found[name]?.data as Float32Array);
}

for (const [precision, tolerance] of [["float32", 2e-7], ["float16", 6e-4]] as const) {
  Deno.test(`rotaryTables() are exact for half an hour of positions, in ${precision}`, async () => {
    const [cosines, sines] = await tables(45_000, precision);
    const frequencies = rotaryFrequencies(64, 10000);
    for (const position of [0, 1, 249, 250, 4097, 32_771, 44_999]) {
      for (let channel = 0; channel < 64; channel++) {
        const angle = Math.fround(position * (frequencies[channel % 32] ?? NaN));
        const at = position * 64 + channel;
        const sign = channel < 32 ? -1 : 1;
        assert.ok(Math.abs((cosines?.[at] ?? NaN) - Math.cos(angle)) < tolerance);
        assert.ok(Math.abs((sines?.[at] ?? NaN) - sign * Math.sin(angle)) < tolerance);
      }
    }
  });
}

Deno.test("halvesFromPairs() puts the first of each pair before the second ones, in each head", async () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i);
  const weight = { name: "w", shape: [12, 2], load: () => Promise.resolve(values) };
  const rows = [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11];
  assert.deepEqual(
    await halvesFromPairs(weight, 2).load(),
    Float32Array.from(rows.flatMap((row) => [2 * row, 2 * row + 1])),
  );
});

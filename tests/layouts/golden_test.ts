/** Sequences written out by hand from the formulas of those who train on them. */
import assert from "node:assert/strict";
import type { LayoutCodec, LayoutName } from "../../lib/layouts/layout.ts";
import { makeLayout } from "../../lib/layouts/registry.ts";
import type { Codes } from "../../models/codec.ts";
import { ENCODEC, NANO, SNAC } from "./codecs.ts";

const SNAC_CODES: Codes = [[1, 2], [10, 11, 12, 13], [100, 101, 102, 103, 104, 105, 106, 4095]];
const NANO_CODES: Codes = [[1, 2], [10, 20], [100, 200], [4031, 0]];

const SLOTS_44: LayoutCodec = {
  ...{ id: "snac_44khz", hopLengths: [3072, 1536, 768, 384], codebookSize: 4096 },
};

const GOLDEN: readonly {
  readonly layout: LayoutName;
  readonly codec: LayoutCodec;
  readonly codes: Codes;
  readonly tokens: number[][];
  readonly base?: number;
}[] = [
  {
    layout: "orpheus",
    codec: SNAC,
    codes: SNAC_CODES,
    // base 128266 + slot × 4096: 128266, 132362, 136458, 140554, 144650, 148746, 152842.
    tokens: [[
      ...[128267, 132372, 136558, 140655, 144661, 148848, 152945],
      ...[128268, 132374, 136562, 140659, 144663, 148852, 156937],
    ]],
  },
  {
    layout: "kani",
    codec: NANO,
    codes: NANO_CODES,
    // base 64410 + codebook × 4032: 64410, 68442, 72474, 76506.
    tokens: [[64411, 68452, 72574, 80537, 64412, 68462, 72674, 76506]],
  },
  {
    layout: "delay",
    codec: { id: "music", hopLengths: [640, 640, 640], codebookSize: 2048 },
    codes: [[1, 2, 3, 4], [11, 12, 13, 14], [21, 22, 23, 2047]],
    tokens: [
      [1, 2, 3, 4, 2048, 2048],
      [2048, 11, 12, 13, 14, 2048],
      [2048, 2048, 21, 22, 23, 2047],
    ],
  },
  {
    layout: "encodec_interleaved",
    codec: ENCODEC,
    codes: [[1, 2, 3], [1023, 0, 5]],
    tokens: [[1, 1023, 2, 0, 3, 5]],
  },
  {
    layout: "frame_interleaved",
    codec: SNAC,
    codes: SNAC_CODES,
    tokens: [[1, 10, 100, 101, 11, 102, 103, 2, 12, 104, 105, 13, 106, 4095]],
  },
  {
    layout: "frame_interleaved",
    codec: SLOTS_44,
    codes: [[1], [10, 11], [20, 21, 22, 23], [30, 31, 32, 33, 34, 35, 36, 37]],
    tokens: [[1, 10, 20, 30, 31, 21, 32, 33, 11, 22, 34, 35, 23, 36, 37]],
  },
  {
    layout: "codebook_interleaved",
    codec: SNAC,
    codes: SNAC_CODES.map((layer, i) => layer.slice(0, 2 ** i)),
    base: 5,
    tokens: [[6, 4111, 8297, 8298, 4112, 8299, 8300]],
  },
  { layout: "layers", codec: SNAC, codes: SNAC_CODES, tokens: SNAC_CODES },
  { layout: "layers", codec: ENCODEC, codes: [[0, 1], [2, 3]], base: 7, tokens: [[7, 8], [9, 10]] },
];

for (const { layout: name, codec, codes, base, tokens } of GOLDEN) {
  Deno.test(`'${name}' writes ${codec.id} as the formula by hand${base ? ` from ${base}` : ""}`, () => {
    const layout = makeLayout(name, codec, base === undefined ? {} : { base });
    assert.deepEqual(layout.arrange(codes), tokens);
    assert.deepEqual(layout.restore(tokens), codes);
  });
}

Deno.test("a frame of 'orpheus' is read back as Orpheus's decoder reads it", () => {
  const layout = makeLayout("orpheus", SNAC);
  const [tokens = []] = layout.arrange(SNAC_CODES);
  const codes: number[][] = [[], [], []];
  for (let i = 0; i < tokens.length; i += 7) {
    // `turn_token_into_id`: the token's own number less 10 and 4096 for each place in the frame.
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = tokens.slice(i, i + 7)
      .map((token, place) => token - 128_256 - 10 - place * 4096);
    codes[0]?.push(a);
    codes[1]?.push(b, e);
    codes[2]?.push(c, d, f, g);
  }
  assert.deepEqual(codes, SNAC_CODES);
});

Deno.test("vocabulary() tells the places of a frame and the ids of their codes", () => {
  const vocabulary = makeLayout("orpheus", SNAC).vocabulary();
  const { ranges, ...rest } = vocabulary;
  assert.deepEqual(rest, {
    ...{ layout: "orpheus", codec: "snac_24khz", base: 128_266, size: 28_672 },
    ...{ first: 128_266, last: 156_937, codebooks: 3, codebook_size: 4096, specials: [] },
  });
  assert.deepEqual(ranges, [
    { slot: 1, codebook: 1, first: 128_266, last: 132_361 },
    { slot: 2, codebook: 2, first: 132_362, last: 136_457 },
    { slot: 3, codebook: 3, first: 136_458, last: 140_553 },
    { slot: 4, codebook: 3, first: 140_554, last: 144_649 },
    { slot: 5, codebook: 2, first: 144_650, last: 148_745 },
    { slot: 6, codebook: 3, first: 148_746, last: 152_841 },
    { slot: 7, codebook: 3, first: 152_842, last: 156_937 },
  ]);
});

Deno.test("vocabulary() of 'delay' tells the special token", () => {
  const { specials, size, last } = makeLayout("delay", ENCODEC, { base: 10 }).vocabulary();
  assert.deepEqual([size, last], [1025, 1034]);
  assert.deepEqual(specials, [{
    ...{ id: 1034, name: "delay" },
    meaning: "no code of this codebook: before its first frame or after its last",
  }]);
});

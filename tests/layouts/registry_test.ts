import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import type { LayoutCodec, LayoutName, LayoutOptions } from "../../lib/layouts/layout.ts";
import { layoutsOf, makeLayout } from "../../lib/layouts/registry.ts";
import { ENCODEC, NANO, SNAC } from "./codecs.ts";

const MIMI: LayoutCodec = { id: "mimi", hopLengths: new Array(8).fill(1920), codebookSize: 2048 };
const ODD: LayoutCodec = { id: "odd", hopLengths: [500, 300], codebookSize: 16 };

Deno.test("layoutsOf() names what fits a codec", () => {
  const always = ["layers", "frame_interleaved", "codebook_interleaved"];
  assert.deepEqual(layoutsOf(SNAC), [...always, "orpheus"]);
  assert.deepEqual(layoutsOf(NANO), [...always, "delay", "kani"]);
  assert.deepEqual(layoutsOf(ENCODEC), [...always, "delay", "encodec_interleaved"]);
  assert.deepEqual(layoutsOf(MIMI), [...always, "delay"]);
  assert.deepEqual(layoutsOf(ODD), ["layers"]);
});

const REFUSED: readonly (readonly [LayoutName, LayoutCodec, LayoutOptions, RegExp])[] = [
  [
    "orpheus",
    NANO,
    {},
    /codes of 'nano' in the layout 'orpheus': it takes three codebooks of rates 1 : 2 : 4 and at most 4096 entries, such as SNAC 24 kHz, and this codec has 4 of 4032 entries and one rate: what fits it: layers, frame_interleaved, codebook_interleaved, delay, kani$/,
  ],
  [
    "orpheus",
    { ...SNAC, codebookSize: 4097 },
    {},
    /this codec has 3 of 4097 entries, rates 1 : 2 : 4/,
  ],
  ["kani", SNAC, {}, /it takes four codebooks of one rate/],
  ["kani", { ...NANO, codebookSize: 4096 }, {}, /at most 4032 entries/],
  ["delay", SNAC, {}, /it takes codebooks of one rate/],
  ["encodec_interleaved", MIMI, {}, /it takes two codebooks of one rate/],
  ["frame_interleaved", ODD, {}, /rates 1 : 1\.67: what fits it: layers$/],
  [
    "layers",
    SNAC,
    { removeRepeatedFrames: true },
    /^UsageError: Cannot remove repeated frames in the layout 'layers': only orpheus and kani do/,
  ],
  ["layers", SNAC, { base: -1 }, /begin the tokens of the layout 'layers' at -1/],
  ["layers", SNAC, { base: 0.5 }, /at 0\.5: ids are whole numbers from 0 to 2147483647$/],
  ["orpheus", SNAC, { base: 2 ** 31 - 28_671 }, /at 2147454977/],
];

Deno.test("makeLayout() refuses what does not fit, and says what does", () => {
  for (const [name, codec, options, message] of REFUSED) {
    assert.throws(() => makeLayout(name, codec, options), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(String(error), message);
      return true;
    });
  }
  assert.equal(makeLayout("orpheus", SNAC, { base: 2 ** 31 - 28_672 }).maximum, 2 ** 31 - 1);
});

Deno.test("only codecs whose layers differ in rate need whole frames", () => {
  const flat = (codec: LayoutCodec) => makeLayout("frame_interleaved", codec).wholeFrames;
  assert.deepEqual([SNAC, NANO, ENCODEC].map(flat), [true, false, false]);
  assert.equal(makeLayout("layers", SNAC).wholeFrames, false);
});

Deno.test("arrange() and restore() say where codes and tokens are none of the layout", () => {
  const orpheus = makeLayout("orpheus", SNAC);
  const kani = makeLayout("kani", NANO);
  const delay = makeLayout("delay", ENCODEC);
  const layers = makeLayout("layers", ENCODEC);
  const [frame = []] = orpheus.arrange([[1], [2, 3], [4, 5, 6, 7]]);
  const wrong: readonly (readonly [() => unknown, RegExp])[] = [
    [() => orpheus.arrange([[1], [2, 3]]), /there are 2 layers, 'snac_24khz' has 3$/],
    [
      () => orpheus.arrange([[1, 2], [1, 2, 3], [1, 2, 3, 4, 5, 6]]),
      /layer 2 ends within a frame: it has 3 codes where whole frames have 4$/,
    ],
    [
      () => orpheus.arrange([[1], [2, 4096], [1, 2, 3, 4]]),
      /code 2 of layer 2 is 4096, the codebook has 4096 entries$/,
    ],
    [() => kani.arrange([[], [], [], []]), /there is not one frame of them$/],
    [() => kani.arrange([[0], [0.5], [0], [0]]), /code 1 of layer 2 is 0\.5/],
    [() => delay.arrange([[1, 2], [1]]), /layer 2 ends within a frame/],
    [
      () => orpheus.restore([[...frame, 128_266]]),
      /the last frame ends after 1 of 7 tokens: there are 8$/,
    ],
    [() => orpheus.restore([[]]), /there are none$/],
    [() => orpheus.restore([]), /it is one list, 0 given$/],
    [
      () => orpheus.restore([frame.with(2, 128_266)]),
      /token 3 is 128266, slot 3 of a frame has the ids 136458 to 140553$/,
    ],
    [() => delay.restore([[1, 2, 1024]]), /it has 2 lists, 1 given$/],
    [() => delay.restore([[1, 1024], [1024, 1, 2]]), /list 2 has 3 tokens, list 1 has 2$/],
    [() => delay.restore([[1024], [1024]]), /the lists have 1 tokens, one frame takes 2$/],
    [
      () => delay.restore([[1, 2], [1024, 3]]),
      /token 2 of list 1 is 2, the special token 1024 belongs there$/,
    ],
    [
      () => delay.restore([[1024, 1024], [1024, 3]]),
      /token 1 of list 1 is 1024, codes are 0 to 1023$/,
    ],
    [() => layers.restore([[1]]), /it has 2 lists, 1 given$/],
    [() => layers.restore([[1], [1024]]), /token 1 of list 2 is 1024, the ids are 0 to 1023$/],
  ];
  for (const [call, message] of wrong) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, message);
      return true;
    });
  }
});

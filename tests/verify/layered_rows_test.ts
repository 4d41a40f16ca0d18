/** Rows of a codec whose layers differ in rate. */
import assert from "node:assert/strict";
import type { RunLayout, RunModel } from "../../lib/reading/manifest.ts";
import { rowLayout } from "../../lib/reading/row_layout.ts";
import type { Column } from "../../lib/shards/column.ts";
import { rowCheck } from "../../lib/verify/row_fault.ts";

const MODEL: RunModel = {
  ...{ codec: "snac", sha256: "0".repeat(64), encoder_sha256: "0".repeat(64) },
  ...{ sample_rate: 24_000, padding_unit: 2048, minimum_samples: 2048 },
  ...{ hop_lengths: [2048, 1024, 512], codebook_size: 4096, licence: "MIT", notice: null },
};

const COLUMNS: readonly Column[] = [
  { name: "index", type: "int64" },
  { name: "id", type: "string" },
  { name: "text", type: "string" },
  { name: "tokens", type: "tokens", maximum: 156_937 },
  { name: "num_layers", type: "int64" },
  { name: "token_lengths", type: "tokens" },
  { name: "encoded_len", type: "int64" },
  { name: "num_samples", type: "int64" },
  { name: "sample_rate", type: "int64" },
  { name: "duration", type: "float64" },
  { name: "speaker", type: "int64" },
  { name: "language", type: "string" },
];

const ORPHEUS: RunLayout = {
  name: "orpheus",
  base: 128_266,
  "remove_repeated_frames": false,
  columns: ["tokens"],
};
const ROW = {
  ...{ index: 0, id: "a", text: null },
  tokens: [0, 1, 2, 3, 4, 5, 6].map((slot) => 128_266 + slot * 4096),
  // 513 samples are one coarse frame, with codes of padding in the two finer layers.
  ...{ num_layers: 3, token_lengths: [1, 1, 2], encoded_len: 2, num_samples: 513 },
  ...{ sample_rate: 24_000, duration: 0.02, speaker: 7, language: null },
};

Deno.test("rowCheck() holds the columns that count codes to the number of samples", () => {
  const check = rowCheck(
    rowLayout({ model: MODEL, columns: [...COLUMNS], layout: ORPHEUS }),
    MODEL,
  );
  assert.equal(check(ROW), null);
  const wrong: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ token_lengths: [1, 2, 4] }, "its token_lengths is [1,2,4], not [1,1,2]"],
    [{ num_layers: 4 }, "its num_layers is 4, not 3"],
    [{ encoded_len: 4 }, "its encoded_len is 4, its last layer has 2 codes"],
    [{ index: -1 }, "its index is -1"],
    [{ speaker: "x" }, 'its speaker is "x"'],
    [{ num_samples: 2049 }, "its layer 1 has 1 codes where 2049 samples make 2"],
  ];
  for (const [change, problem] of wrong) assert.equal(check({ ...ROW, ...change }), problem);
});

Deno.test("rowLayout() knows constants from the columns of every run", () => {
  const columns: Column[] = [...COLUMNS, { name: "corpus", type: "string" }];
  const layout = rowLayout({ model: MODEL, columns, layout: ORPHEUS });
  assert.deepEqual([layout.tokens, layout.constants], [["tokens"], ["corpus"]]);
  assert.throws(
    () => rowLayout({ model: MODEL, columns: columns.slice(4) }),
    /these are not the columns of codec tokens$/,
  );
  const other: RunLayout = { ...ORPHEUS, name: "kani" };
  assert.throws(
    () => rowLayout({ model: MODEL, columns, layout: other }),
    /^SpeechmillError: Cannot read the rows: .* in the layout 'kani'/,
  );
});

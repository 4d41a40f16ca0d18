import assert from "node:assert/strict";
import type { RunModel } from "../../lib/reading/manifest.ts";
import { rowLayout } from "../../lib/reading/row_layout.ts";
import { rowCheck } from "../../lib/verify/row_fault.ts";

const MODEL: RunModel = {
  "codec": "chunks",
  "sha256": "0".repeat(64),
  "encoder_sha256": "0".repeat(64),
  "sample_rate": 16_000,
  "padding_unit": 1,
  "minimum_samples": 1,
  "hop_lengths": [320],
  "codebook_size": 8,
  "licence": "MIT",
  "notice": null,
  "chunking": {
    ...{ whole_samples: 80_000, samples: 80_000, lead: 5264 },
    ...{ step: 69_346, reach: 5904, frames: 234 },
  },
};

const LAYOUT = rowLayout({
  model: MODEL,
  columns: [
    { name: "id", type: "string" },
    { name: "text", type: "string" },
    { name: "dac_layer_1", type: "tokens", maximum: 7 },
    { name: "encoded_len", type: "int64" },
    { name: "num_samples", type: "int64" },
    { name: "sample_rate", type: "int64" },
    { name: "duration", type: "float64" },
    { name: "speaker", type: "string" },
    { name: "language", type: "string" },
  ],
});

function row(samples: number, codes: number): Record<string, unknown> {
  return {
    ...{ id: "a", text: null, dac_layer_1: new Array<number>(codes).fill(1), encoded_len: codes },
    ...{ num_samples: samples, sample_rate: 16_000, duration: samples / 16_000 },
    ...{ speaker: null, language: null },
  };
}

Deno.test("rowCheck() knows how many codes chunks have", () => {
  const check = rowCheck(LAYOUT, MODEL);
  assert.equal(check(row(80_000, 250)), null);
  assert.equal(check(row(80_001, 286)), null);
  assert.equal(check(row(138_693, 487)), null);
  assert.equal(
    check(row(80_001, 251)),
    "its dac_layer_1 has 251 codes where 80001 samples make 286",
  );
});

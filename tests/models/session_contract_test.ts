import assert from "node:assert/strict";
import { type SessionContract, violationsOf } from "../../models/session_contract.ts";

const CONTRACT: SessionContract = {
  role: "the encoder of 'x'",
  inputs: [{ name: "audio", type: "float32", shape: ["batch", 1, "samples"] }],
  outputs: [{ name: "codes", type: "int64", shape: ["batch", 4, "frames"] }],
};

const AUDIO = { name: "audio", isTensor: true, type: "float32", shape: ["b", 1, "n"] };
const CODES = { name: "codes", isTensor: true, type: "int64", shape: ["b", 4, "t"] };

Deno.test("violationsOf() finds nothing wrong with a graph that keeps its contract", () => {
  for (
    const [audio, codes] of [
      [AUDIO, CODES],
      [{ ...AUDIO, shape: [-1, 1, -1] }, { ...CODES, shape: ["", "", ""] }],
    ] as const
  ) {
    assert.deepEqual(violationsOf(CONTRACT, { inputs: [audio], outputs: [codes] }), []);
  }
  assert.deepEqual(
    violationsOf(CONTRACT, { inputs: [AUDIO], outputs: [{ ...CODES, name: "more" }, CODES] }),
    [],
  );
});

Deno.test("violationsOf() lets the graph decide where the contract says null", () => {
  const contract = { ...CONTRACT, outputs: [{ ...CONTRACT.outputs[0]!, shape: ["b", null, "t"] }] };
  const graph = (codes: typeof CODES) => ({ inputs: [AUDIO], outputs: [codes] });
  assert.deepEqual(violationsOf(contract, graph(CODES)), []);
  assert.deepEqual(violationsOf(contract, graph({ ...CODES, shape: ["b", 4, 7] })), [
    "output 'codes' int64 [b, any size, t] is int64 [b, 4, 7] in the graph",
  ]);
});

Deno.test("violationsOf() names each way in which a graph differs", () => {
  const cases = [
    [
      { inputs: [{ ...AUDIO, name: "wave" }], outputs: [CODES] },
      [
        "it has no input 'audio' float32 [batch, 1, samples]; its inputs are 'wave'",
        "it asks for a further input 'wave'",
      ],
    ],
    [
      { inputs: [{ ...AUDIO, shape: [1, 1, "n"] }], outputs: [CODES] },
      ["input 'audio' float32 [batch, 1, samples] is float32 [1, 1, n] in the graph"],
    ],
    [
      { inputs: [AUDIO], outputs: [{ ...CODES, shape: ["b", 8, "t"] }] },
      ["output 'codes' int64 [batch, 4, frames] is int64 [b, 8, t] in the graph"],
    ],
    [
      { inputs: [AUDIO], outputs: [{ ...CODES, type: "int32" }] },
      ["output 'codes' int64 [batch, 4, frames] is int32 [b, 4, t] in the graph"],
    ],
    [
      { inputs: [AUDIO], outputs: [] },
      ["it has no output 'codes' int64 [batch, 4, frames]; its outputs are none"],
    ],
    [
      { inputs: [AUDIO], outputs: [{ name: "codes", isTensor: false }] },
      ["output 'codes' int64 [batch, 4, frames] is no tensor [] in the graph"],
    ],
  ] as const;
  for (const [graph, violations] of cases) {
    assert.deepEqual(violationsOf(CONTRACT, graph), violations);
  }
});

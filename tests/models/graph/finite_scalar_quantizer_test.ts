import assert from "node:assert/strict";
import {
  finiteScalarCodes,
  finiteScalarLatents,
  type FiniteScalarQuantizer,
} from "../../../models/graph/finite_scalar_quantizer.ts";
import { type GraphTensor, OnnxGraph } from "../../../models/graph/graph.ts";
import { inputSignal } from "../../../models/graph/signal.ts";
import { OpenGraph } from "../../support/run_graph.ts";

async function codesOf(quantizer: FiniteScalarQuantizer, frames: readonly (readonly number[])[]) {
  const channels = quantizer.groups * quantizer.levels.length;
  const latents: GraphTensor = { name: "latents", type: "float32", shape: ["b", channels, "f"] };
  const codes: GraphTensor = { name: "codes", type: "int64", shape: ["b", quantizer.groups, "f"] };
  const graph = new OnnxGraph();
  const signal = inputSignal(graph.input(latents), channels, 1);
  graph.output(codes, finiteScalarCodes(graph, signal, quantizer));
  await using open = await OpenGraph.open(graph, [latents]);
  const data = new Float32Array(channels * frames.length);
  frames.forEach((frame, f) => frame.forEach((value, c) => data[c * frames.length + f] = value));
  const outputs = await open.run({ latents: { data, dims: [1, channels, frames.length] } });
  return Array.from(outputs["codes"]?.data ?? [], Number);
}

Deno.test("finiteScalarCodes() counts levels from the lowest, the first dimension least", async () => {
  const quantizer = { groups: 1, levels: [9, 8, 8, 7], epsilon: 1e-3 };
  const frames = [[-9, -9, -9, -9], [9, -9, -9, -9], [-9, 9, -9, -9], [9, 9, 9, 9], [0, 0, 0, 0]];
  assert.deepEqual(await codesOf(quantizer, frames), [
    0,
    8,
    7 * 9,
    4031,
    4 + 9 * (4 + 8 * (4 + 8 * 3)),
  ]);
});

Deno.test("finiteScalarCodes() rounds halves to even", async () => {
  // ½·tanh(0) − ½ is −½ exactly, which is rounded to 0, the upper of two levels.
  const boundary = -Math.fround(Math.tan(1));
  const frames = [[boundary], [boundary - 1e-3], [boundary + 1e-3]];
  assert.deepEqual(await codesOf({ groups: 1, levels: [2], epsilon: 0 }, frames), [1, 0, 1]);
});

Deno.test("finiteScalarCodes() gives each group its own code", async () => {
  const quantizer = { groups: 2, levels: [5, 4], epsilon: 1e-3 };
  assert.deepEqual(await codesOf(quantizer, [[9, -9, -9, 9], [-9, -9, 9, 9]]), [4, 0, 15, 19]);
});

Deno.test("finiteScalarLatents() gives the middles of the levels", async () => {
  const quantizer = { groups: 2, levels: [5, 4], epsilon: 1e-3 };
  const codes: GraphTensor = { name: "codes", type: "int64", shape: ["b", 2, "f"] };
  const graph = new OnnxGraph();
  const signal = finiteScalarLatents(graph, graph.input(codes), quantizer, 320);
  assert.deepEqual([signal.channels, signal.hop], [4, 320]);
  graph.output({ name: "latents", type: "float32", shape: ["b", 4, "f"] }, signal.value);
  await using open = await OpenGraph.open(graph, [codes]);
  const data = BigInt64Array.of(0n, 4n, 15n, 19n);
  const { latents } = await open.run({ codes: { data, dims: [1, 2, 2] } });
  assert.deepEqual(latents?.dims, [1, 4, 2]);
  assert.deepEqual(Array.from(latents?.data ?? [], Number), [-1, 1, -1, -1, -1, 1, 0.5, 0.5]);
});

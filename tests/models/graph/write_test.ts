import assert from "node:assert/strict";
import { realFileSystem } from "../../../lib/fs.ts";
import { convolution } from "../../../models/graph/convolution.ts";
import { OnnxGraph, type Precision } from "../../../models/graph/graph.ts";
import { inputSignal } from "../../../models/graph/signal.ts";
import { derivedWeight, type Weight } from "../../../models/graph/weight.ts";
import { foldWeightNorm } from "../../../models/graph/weight_norm.ts";
import { writeGraph } from "../../../models/graph/write.ts";
import { OpenGraph } from "../../support/run_graph.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const AUDIO = { name: "audio", type: "float32", shape: ["batch", 1, "samples"] } as const;
const OUT = { name: "out", type: "float32", shape: ["batch", 2, "steps"] } as const;

function weight(name: string, shape: readonly number[], values: readonly number[]): Weight {
  return { name, shape, load: () => Promise.resolve(Float32Array.from(values)) };
}

/** Two channels: the sum of three neighbours, and the middle one halved, plus a bias each. */
function small(precision: Precision = "float32"): OnnxGraph {
  const graph = new OnnxGraph(precision);
  const signal = convolution(graph, inputSignal(graph.input(AUDIO), 1, 1), {
    weight: weight("w", [2, 1, 3], [1, 1, 1, 0, 0.5, 0]),
    bias: weight("b", [2], [0, 10]),
  }, { padding: [1, 1] });
  graph.output(OUT, signal.value);
  return graph;
}

const CLIP = { data: Float32Array.of(1, 2, 3, 4), dims: [1, 1, 4] };
const EXPECTED = [3, 6, 9, 7, 10.5, 11, 11.5, 12];

Deno.test("writeGraph() writes a graph that runs, with its weights beside it", async () => {
  const graph = small();
  await using open = await OpenGraph.open(graph, graph.inputs);
  const { out } = await open.run({ audio: CLIP });
  assert.deepEqual([...out?.data ?? []], EXPECTED);
  assert.deepEqual(out?.dims, [1, 2, 4]);
});

Deno.test("a graph in float16 takes and gives float32", async () => {
  const graph = small("float16");
  assert.deepEqual(graph.weights.map(({ length }) => length), [12, 4]);
  await using open = await OpenGraph.open(graph, graph.inputs);
  const { out } = await open.run({ audio: CLIP });
  assert.ok(out?.data instanceof Float32Array);
  assert.deepEqual([...out.data], EXPECTED);
});

Deno.test("writeGraph() gives the same bytes each time, and tells of each weight", async () => {
  using folder = new TemporaryFolder();
  const told: number[] = [];
  for (const name of ["one", "two"]) {
    Deno.mkdirSync(folder.file(name));
    await writeGraph(small(), folder.file(`${name}/graph.onnx`), {
      fs: realFileSystem,
      onBytes: (bytes) => told.push(bytes),
    });
  }
  for (const file of ["graph.onnx", "graph.onnx_data"]) {
    const [one, two] = ["one", "two"].map((name) =>
      Deno.readFileSync(folder.file(`${name}/${file}`))
    );
    assert.deepEqual(one, two);
  }
  assert.deepEqual(told, [24, 8, 24, 8]);
});

Deno.test("a weight that is used twice is stored once, in each precision", () => {
  const graph = new OnnxGraph();
  const one = weight("w", [2], [1, 2]);
  assert.equal(graph.weight(one), graph.weight(one));
  assert.equal(graph.weights.length, 1);
  assert.throws(() => graph.weight(weight("w", [1, 2], [1, 2])), /'w' twice, in two shapes/);
  graph.to("float16", "value");
  graph.weight(one);
  assert.deepEqual(graph.weights.map(({ precision }) => precision), ["float32", "float16"]);
});

Deno.test("writeGraph() refuses a weight that is not finite, or not of its shape", async () => {
  using folder = new TemporaryFolder();
  const cases: [Precision, number[], string, RegExp][] = [
    ["float32", [1, NaN], "SpeechmillError", /'w' as float32: value 1 is NaN; its checkpoint is/],
    ["float16", [1e6, 0], "SpeechmillError", /float16: value 0 is 1000000; convert it in float32$/],
    ["float32", [1], "RangeError", /'w': it has 1 values where \[2\] was due$/],
  ];
  for (const [precision, values, name, message] of cases) {
    const graph = new OnnxGraph(precision);
    graph.weight(weight("w", [2], values));
    const written = writeGraph(graph, folder.file("graph.onnx"), { fs: realFileSystem });
    await assert.rejects(written, { name, message });
  }
});

Deno.test("a graph with weights has no bytes without a data file", () => {
  assert.throws(() => small().toBytes(), /no data file is named/);
});

Deno.test("constants must fill their shape", () => {
  const graph = new OnnxGraph();
  assert.throws(() => graph.floats([1, 2, 3], [2]), /Cannot add 3 constants as \[2\]/);
  assert.throws(() => graph.integers([1], [2, 2]), TypeError);
});

Deno.test("a convolution refuses weights for other channels", () => {
  const graph = new OnnxGraph();
  const weights = { weight: weight("w", [2, 3, 1], []), bias: null };
  assert.throws(
    () => convolution(graph, inputSignal("x", 2, 1), weights),
    /Cannot convolve 2 channels with 'w' \[2, 3, 1\]: it takes 3/,
  );
});

Deno.test("foldWeightNorm() gives each row the length that g says", () => {
  const folded = foldWeightNorm(Float32Array.of(10, 1), Float32Array.of(3, 4, 0, -2));
  assert.deepEqual([...folded], [6, 8, 0, -1]);
});

Deno.test("derivedWeight() reads its sources when it is loaded, not before", async () => {
  let loads = 0;
  const source: Weight = {
    ...weight("w", [2], []),
    load: () => Promise.resolve(Float32Array.of(++loads, 5)),
  };
  const sum = derivedWeight(
    "sum",
    [1],
    [source],
    (values) => Float32Array.of((values[0] ?? 0) + 5),
  );
  assert.equal(loads, 0);
  assert.deepEqual([...await sum.load()], [6]);
});

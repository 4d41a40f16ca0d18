import assert from "node:assert/strict";
import { snake } from "../../../models/graph/activations.ts";
import { convolution, type ConvolutionWeights } from "../../../models/graph/convolution.ts";
import { foldedSnake, foldSnake } from "../../../models/graph/folded_snake.ts";
import { OnnxGraph } from "../../../models/graph/graph.ts";
import { inputSignal, type Signal } from "../../../models/graph/signal.ts";
import type { Weight } from "../../../models/graph/weight.ts";
import { OpenGraph } from "../../support/run_graph.ts";
import { seededAudio, seededTensor } from "../../support/seeded.ts";

const CHANNELS = 6;
/** Ordinary, negative, tiny, none. */
const ALPHAS = [1.3, -0.7, 1e-3, 1e-13, 0, 25];

function weights(name: string, shape: readonly number[]): ConvolutionWeights {
  const part = (suffix: string, size: readonly number[]): Weight => ({
    name: name + suffix,
    shape: size,
    load: () =>
      Promise.resolve(
        seededTensor({ name: name + suffix, shape: size }, [{ match: "", gain: 1 }], 4),
      ),
  });
  return { weight: part(".weight", shape), bias: part(".bias", [shape[0] ?? 0]) };
}

/** A convolution, a snake and another convolution; what `between` makes of them. */
async function run(
  between: (graph: OnnxGraph, signal: Signal, alpha: Weight) => Signal,
): Promise<Float32Array> {
  const graph = new OnnxGraph();
  const audio = graph.input({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] });
  const alpha: Weight = {
    name: "alpha",
    shape: [1, CHANNELS, 1],
    load: () => Promise.resolve(Float32Array.from(ALPHAS)),
  };
  const out = between(graph, inputSignal(audio, 1, 1), alpha);
  graph.output({ name: "out", type: "float32", shape: ["batch", 2, "samples"] }, out.value);
  await using open = await OpenGraph.open(graph, graph.inputs);
  const outputs = await open.run({ audio: { data: seededAudio(1, 500), dims: [1, 1, 500] } });
  const data = outputs["out"]?.data;
  assert.ok(data instanceof Float32Array);
  return data;
}

Deno.test("a snake folded into the convolutions around it is the snake, whatever its α", async () => {
  const first = weights("first", [CHANNELS, 1, 3]);
  const second = weights("second", [2, CHANNELS, 1]);
  const plain = await run((graph, signal, alpha) => {
    const before = convolution(graph, signal, first, { padding: [1, 1] });
    return convolution(graph, snake(graph, before, alpha), second);
  });
  const folded = await run((graph, signal, alpha) => {
    const [before, after] = foldSnake(first, alpha, second);
    const seen = convolution(graph, signal, before, { padding: [1, 1] });
    return convolution(graph, foldedSnake(graph, seen), after);
  });
  const largest = Math.max(...plain.map(Math.abs));
  assert.ok(largest > 0.3);
  plain.forEach((value, i) => {
    const difference = Math.abs(value - (folded[i] ?? NaN));
    assert.ok(difference < 1e-5 * largest, `value ${i} differs by ${difference}`);
  });
});

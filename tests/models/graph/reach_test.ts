import assert from "node:assert/strict";
import fc from "../../../lib/npm/fast_check.ts";
import {
  convolution,
  type ConvolutionWeights,
  type PaddingMode,
  padSteps,
  transposedConvolution,
} from "../../../models/graph/convolution.ts";
import { OnnxGraph } from "../../../models/graph/graph.ts";
import { contextOf, inputSignal, type Signal } from "../../../models/graph/signal.ts";
import type { Weight } from "../../../models/graph/weight.ts";
import { seededTensor } from "../../support/seeded.ts";
import { OpenGraph } from "../../support/run_graph.ts";

const STEPS = 96;

/** One step that changes how far a graph sees. */
type Layer =
  | {
    readonly kind: "convolution";
    readonly kernel: number;
    readonly stride: number;
    readonly dilation: number;
    readonly before: number;
    readonly after: number;
    readonly mode: PaddingMode | "zeros";
  }
  | {
    readonly kind: "transposed";
    readonly kernel: number;
    readonly stride: number;
    readonly trim: readonly [number, number];
  };

const layers: fc.Arbitrary<Layer> = fc.oneof(
  fc.record({
    kind: fc.constant("convolution" as const),
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    before: fc.nat({ max: 6 }),
    after: fc.nat({ max: 6 }),
    mode: fc.constantFrom("zeros" as const, "constant" as const, "edge" as const),
  }),
  fc.record({
    kind: fc.constant("transposed" as const),
    kernel: fc.integer({ min: 2, max: 6 }),
    stride: fc.integer({ min: 1, max: 2 }),
    trim: fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })),
  }),
);

/** Positive weights, so that no two ways through the graph cancel out. */
function weights(name: string, kernel: number): ConvolutionWeights {
  const shape = [1, 1, kernel];
  const rules = [{ match: "", low: 0.5, high: 1.5 }];
  const weight: Weight = {
    name,
    shape,
    load: () => Promise.resolve(seededTensor({ name, shape }, rules, 1)),
  };
  return { weight, bias: null };
}

function build(graph: OnnxGraph, plan: readonly Layer[]): Signal {
  const audio = graph.input({ name: "audio", type: "float32", shape: ["batch", 1, "samples"] });
  let signal = inputSignal(audio, 1, 64);
  plan.forEach((layer, i) => {
    const convolve = weights(`layer_${i}`, layer.kernel);
    if (layer.kind === "transposed") {
      signal = transposedConvolution(graph, signal, convolve, layer);
      return;
    }
    const { stride, dilation, before, after, mode } = layer;
    signal = mode === "zeros"
      ? convolution(graph, signal, convolve, { stride, dilation, padding: [before, after] })
      : convolution(graph, padSteps(graph, signal, [before, after], mode), convolve, {
        stride,
        dilation,
      });
  });
  graph.output({ name: "out", type: "float32", shape: ["batch", 1, "steps"] }, signal.value);
  return signal;
}

Deno.test("the reach of a signal covers every sample that a step depends on", async () => {
  const plans = fc.array(layers, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const graph = new OnnxGraph();
      const signal = build(graph, plan);
      await using open = await OpenGraph.open(graph, graph.inputs);
      const run = async (data: Float32Array) =>
        (await open.run({ audio: { data, dims: [1, 1, STEPS] } }))["out"]?.data ?? [];
      let quiet: ArrayLike<number | bigint>;
      try {
        quiet = await run(new Float32Array(STEPS));
      } catch {
        return fc.pre(false); // A kernel longer than what is left of the signal.
      }
      // Far from the ends, where padding repeats or hides samples.
      for (const changed of [40, 47, 55]) {
        const loud = await run(new Float32Array(STEPS).fill(1, changed, changed + 1));
        for (let step = 0; step < loud.length; step++) {
          if (loud[step] === quiet[step]) continue;
          const start = step * signal.hop;
          assert.ok(changed * 64 >= start - signal.before, `step ${step} sees ${changed} before`);
          assert.ok(
            (changed + 1) * 64 <= start + signal.hop + signal.after,
            `step ${step} sees ${changed} after`,
          );
        }
      }
    }),
    { numRuns: 60, seed: 20261121 },
  );
});

Deno.test("the reach of two convolutions is the sum of theirs", () => {
  const graph = new OnnxGraph();
  const signal = build(graph, [
    ...[{ kind: "convolution", kernel: 5, stride: 1, dilation: 2 } as const].map((layer) => ({
      ...layer,
      ...{ before: 4, after: 4, mode: "zeros" as const },
    })),
    { kind: "convolution", kernel: 4, stride: 2, dilation: 1, before: 1, after: 1, mode: "edge" },
  ]);
  assert.deepEqual({ ...signal, value: "" }, {
    ...{ value: "", channels: 1, hop: 128 },
    ...{ before: (4 + 1) * 64, after: (4 + 1) * 64 },
  });
});

Deno.test("contextOf() rounds up to whole units, and is null where there is no end", () => {
  const signal: Signal = { value: "", channels: 1, hop: 320, before: 321, after: 10 };
  assert.equal(contextOf(signal, 320), 640);
  assert.equal(contextOf({ ...signal, before: 0, after: 0 }, 320), 0);
  assert.equal(contextOf({ ...signal, before: Infinity }, 320), null);
});

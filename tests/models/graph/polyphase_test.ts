import assert from "node:assert/strict";
import { transposedConvolution } from "../../../models/graph/convolution.ts";
import { type GraphTensor, OnnxGraph } from "../../../models/graph/graph.ts";
import { isPolyphase } from "../../../models/graph/polyphase.ts";
import { inputSignal } from "../../../models/graph/signal.ts";
import type { Weight } from "../../../models/graph/weight.ts";
import { OpenGraph } from "../../support/run_graph.ts";
import { seededTensor } from "../../support/seeded.ts";

const INPUT: GraphTensor = { name: "x", type: "float32", shape: ["batch", 4, "steps"] };
const RULES = [{ match: "", low: -1, high: 1 }];

function seededWeight(name: string, shape: readonly number[]): Weight {
  return { name, shape, load: () => Promise.resolve(seededTensor({ name, shape }, RULES, 1)) };
}

/** Each input step adds its kernel to the output; torch's definition, one row of the output. */
async function expected(
  x: Float32Array,
  steps: number,
  { weight, bias, out, stride, groups }: {
    readonly weight: Weight;
    readonly bias: Weight;
    readonly out: number;
    readonly stride: number;
    readonly groups: number;
  },
): Promise<number[]> {
  const [inputs = 0, outputs = 0, kernel = 0] = weight.shape;
  const [group, place] = [Math.floor(out / outputs), out % outputs];
  const first = group * inputs / groups;
  const [values, offsets] = [await weight.load(), await bias.load()];
  const row = new Array<number>((steps - 1) * stride + kernel).fill(offsets[out] ?? NaN);
  for (let input = first; input < first + inputs / groups; input++) {
    for (let step = 0; step < steps; step++) {
      for (let tap = 0; tap < kernel; tap++) {
        const w = values[(input * outputs + place) * kernel + tap] ?? NaN;
        row[step * stride + tap] = (row[step * stride + tap] ?? NaN) +
          w * (x[input * steps + step] ?? NaN);
      }
    }
  }
  return row;
}

/** Strides, what is cut off as torch's `padding` and causal layers do, and torch's `output_padding`. */
const CASES = [
  { stride: 2, trim: [0, 2], outputPadding: 0 },
  { stride: 5, trim: [0, 5], outputPadding: 0 },
  { stride: 4, trim: [2, 2], outputPadding: 0 },
  { stride: 5, trim: [3, 3], outputPadding: 0 },
  { stride: 3, trim: [2, 2], outputPadding: 1 },
  { stride: 3, trim: [0, 0], outputPadding: 0 },
  { stride: 3, trim: [1, 4], outputPadding: 0 },
] as const;

function inGroups(groups: number) {
  return CASES.map((options) => ({ ...options, groups }));
}

for (const { stride, trim, outputPadding, groups } of [1, 2].flatMap(inGroups)) {
  Deno.test(`a transposed convolution of stride ${stride} in ${groups} groups cut by ${trim} and ${outputPadding} is torch's`, async () => {
    const weight = seededWeight("w", [4, 2 / groups, 2 * stride]);
    const bias = seededWeight("b", [2]);
    const graph = new OnnxGraph();
    const signal = inputSignal(graph.input(INPUT), 4, stride);
    const made = transposedConvolution(graph, signal, { weight, bias }, {
      stride,
      groups,
      trim,
      outputPadding,
    });
    const text = new TextDecoder("latin1").decode(graph.toBytes("x"));
    assert.equal(text.includes("ConvTranspose"), false);
    graph.output({ name: "y", type: "float32", shape: ["batch", 2, "out"] }, made.value);
    await using open = await OpenGraph.open(graph, [INPUT]);
    for (const steps of [1, 2, 7]) {
      const x = seededTensor({ name: "x", shape: [4, steps] }, RULES, 2);
      const length = (steps - 1) * stride + 2 * stride - trim[0] - trim[1] + outputPadding;
      if (length <= 0) continue;
      const { y } = await open.run({
        x: { data: Float32Array.of(...x, ...x), dims: [2, 4, steps] },
      });
      assert.deepEqual(y?.dims, [2, 2, length]);
      for (const out of [0, 1]) {
        const whole = await expected(x, steps, { weight, bias, out, stride, groups });
        for (let i = 0; i < length; i++) {
          for (const batch of [0, 1]) {
            const found = Number(y?.data[(batch * 2 + out) * length + i]);
            assert.ok(Math.abs(found - (whole[i + trim[0]] ?? NaN)) < 1e-5, `${steps} ${i}`);
          }
        }
      }
    }
  });
}

Deno.test("isPolyphase() says no to kernels, groups and cuts that it does not know", () => {
  const options = { stride: 2, groups: 1, trim: [1, 1] } as const;
  const known = seededWeight("w", [3, 2, 4]);
  assert.equal(isPolyphase(known, options), true);
  assert.equal(isPolyphase(seededWeight("w", [3, 2, 5]), options), false);
  assert.equal(isPolyphase(known, { ...options, groups: 3 }), false);
  assert.equal(isPolyphase(seededWeight("w", [3, 1, 4]), { ...options, groups: 3 }), true);
  assert.equal(isPolyphase(known, { ...options, trim: [1, -1] }), false);
  assert.equal(isPolyphase(seededWeight("w", [3, 2, 2]), { ...options, stride: 1 }), false);
});

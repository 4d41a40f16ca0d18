import assert from "node:assert/strict";
import { type GraphTensor, OnnxGraph } from "../../../models/graph/graph.ts";
import { rowConvolution } from "../../../models/graph/row_convolution.ts";
import type { Weight } from "../../../models/graph/weight.ts";
import { OpenGraph } from "../../support/run_graph.ts";
import { seededTensor } from "../../support/seeded.ts";

const [BATCH, INPUTS, OUTPUTS, STEPS] = [2, 4, 8, 21];
const INPUT: GraphTensor = { name: "x", type: "float32", shape: ["batch", INPUTS, "steps"] };
const OUTPUT: GraphTensor = { name: "y", type: "float32", shape: ["batch", OUTPUTS, "out"] };
const RULES = [{ match: "", low: -1, high: 1 }];

const CASES = [
  { kernel: 1, stride: 1, dilation: 1, groups: 1, padding: [0, 0], bias: true },
  { kernel: 1, stride: 2, dilation: 1, groups: 1, padding: [0, 0], bias: false },
  { kernel: 3, stride: 1, dilation: 2, groups: 1, padding: [2, 2], bias: true },
  { kernel: 4, stride: 2, dilation: 1, groups: 1, padding: [0, 3], bias: false },
  { kernel: 7, stride: 1, dilation: 3, groups: 4, padding: [9, 9], bias: true },
] as const;

function seededWeight(name: string, shape: readonly number[]): Weight {
  return { name, shape, load: () => Promise.resolve(seededTensor({ name, shape }, RULES, 1)) };
}

/** torch's definition of one output step, in float64. */
async function expected(
  x: Float32Array,
  weight: Weight,
  { kernel, stride, dilation, groups, padding }: typeof CASES[number],
  [item, output, step]: readonly [item: number, output: number, step: number],
): Promise<number> {
  const values = await weight.load();
  const each = INPUTS / groups;
  const first = Math.floor(output / (OUTPUTS / groups)) * each;
  let sum = 0;
  for (let input = 0; input < each; input++) {
    for (let tap = 0; tap < kernel; tap++) {
      const at = step * stride - padding[0] + tap * dilation;
      if (at < 0 || at >= STEPS) continue;
      sum += (values[(output * each + input) * kernel + tap] ?? NaN) *
        (x[(item * INPUTS + first + input) * STEPS + at] ?? NaN);
    }
  }
  return sum;
}

for (const options of CASES) {
  const { kernel, stride, dilation, groups, padding } = options;
  Deno.test(`rowConvolution() of ${kernel} steps, stride ${stride}, dilation ${dilation} in ${groups} groups is torch's`, async () => {
    const weight = seededWeight("w", [OUTPUTS, INPUTS / groups, kernel]);
    const bias = options.bias ? seededWeight("b", [OUTPUTS]) : null;
    const graph = new OnnxGraph();
    const value = graph.input(INPUT);
    graph.output(OUTPUT, rowConvolution(graph, value, { ...options, weight, bias }));
    await using open = await OpenGraph.open(graph, graph.inputs);
    const shape = [BATCH, INPUTS, STEPS];
    const data = seededTensor({ name: "x", shape }, RULES, 2);
    const { y } = await open.run({ x: { data, dims: shape } });
    const reach = (kernel - 1) * dilation;
    const steps = Math.floor((STEPS + padding[0] + padding[1] - reach - 1) / stride) + 1;
    assert.deepEqual(y?.dims, [BATCH, OUTPUTS, steps]);
    const offsets = await bias?.load();
    for (const [i, found] of [...y.data].entries()) {
      const place = [Math.floor(i / OUTPUTS / steps), Math.floor(i / steps) % OUTPUTS, i % steps];
      const [item = 0, output = 0, step = 0] = place;
      const due = await expected(data, weight, options, [item, output, step]) +
        (offsets?.[output] ?? 0);
      assert.ok(Math.abs(Number(found) - due) < 1e-5, `${place}: ${found}, not ${due}`);
    }
  });
}

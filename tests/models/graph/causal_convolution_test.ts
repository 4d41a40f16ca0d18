import assert from "node:assert/strict";
import {
  causalConvolution,
  causalTransposedConvolution,
} from "../../../models/graph/causal_convolution.ts";
import type { PaddingMode } from "../../../models/graph/convolution.ts";
import { type GraphTensor, OnnxGraph } from "../../../models/graph/graph.ts";
import { contextOf, inputSignal, type Signal } from "../../../models/graph/signal.ts";
import type { Weight } from "../../../models/graph/weight.ts";
import { OpenGraph } from "../../support/run_graph.ts";
import { seededTensor } from "../../support/seeded.ts";

const INPUT: GraphTensor = { name: "x", type: "float32", shape: ["batch", 2, "steps"] };

function seededWeight(name: string, shape: readonly number[]): Weight {
  const values = seededTensor({ name, shape }, [{ match: "", low: -1, high: 1 }], 1);
  return { name, shape, load: () => Promise.resolve(values) };
}

async function open(make: (graph: OnnxGraph, signal: Signal) => Signal): Promise<OpenGraph> {
  const graph = new OnnxGraph();
  const result = make(graph, inputSignal(graph.input(INPUT), 2, 1));
  graph.output(
    { name: "y", type: "float32", shape: ["batch", result.channels, "out"] },
    result.value,
  );
  return await OpenGraph.open(graph, [INPUT]);
}

/** `pad1d` of the reference, word for word, for one channel. */
function pad(x: number[], left: number, right: number, mode: PaddingMode): number[] {
  const lacking = mode === "reflect" ? Math.max(0, Math.max(left, right) - x.length + 1) : 0;
  const whole = [...x, ...new Array<number>(lacking).fill(0)];
  const last = whole.length - 1;
  const at = (i: number) => {
    if (mode === "constant") return whole[i] ?? 0;
    if (mode === "edge") return whole[Math.min(last, Math.max(0, i))] ?? 0;
    return whole[i < 0 ? -i : i > last ? 2 * last - i : i] ?? 0;
  };
  return Array.from({ length: left + x.length + right }, (_, i) => at(i - left));
}

interface Kernel {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

async function expected(
  rows: number[][],
  weight: Weight,
  { kernel, stride, dilation }: Kernel,
  mode: PaddingMode,
): Promise<number[][]> {
  const values = await weight.load();
  const steps = rows[0]?.length ?? 0;
  const left = (kernel - 1) * dilation + 1 - stride;
  const right = Math.ceil(steps / stride) * stride - steps;
  const padded = rows.map((row) => pad(row, left, right, mode));
  return Array.from(
    { length: weight.shape[0] ?? 0 },
    (_, out) =>
      Array.from({ length: Math.ceil(steps / stride) }, (_, t) => {
        let sum = 0;
        for (const [channel, row] of padded.entries()) {
          for (let k = 0; k < kernel; k++) {
            const w = values[(out * rows.length + channel) * kernel + k] ?? 0;
            sum += w * (row[t * stride + k * dilation] ?? NaN);
          }
        }
        return sum;
      }),
  );
}

const KERNELS: readonly Kernel[] = [
  { kernel: 7, stride: 1, dilation: 1 },
  { kernel: 3, stride: 1, dilation: 2 },
  { kernel: 1, stride: 1, dilation: 1 },
  { kernel: 4, stride: 2, dilation: 1 },
  { kernel: 10, stride: 5, dilation: 1 },
];

for (const mode of ["constant", "reflect", "edge"] as const) {
  Deno.test(`causalConvolution() pads with '${mode}' as the reference does, from one step on`, async () => {
    for (const kernel of KERNELS) {
      const weight = seededWeight("w", [3, 2, kernel.kernel]);
      await using graph = await open((graph, signal) =>
        causalConvolution(graph, signal, { weight, bias: null }, { ...kernel, mode })
      );
      for (let steps = 1; steps <= 23; steps++) {
        const data = seededTensor({ name: "x", shape: [2, steps] }, [{
          match: "",
          low: -1,
          high: 1,
        }], 2);
        const rows = [Array.from(data.subarray(0, steps)), Array.from(data.subarray(steps))];
        const { y } = await graph.run({ x: { data, dims: [1, 2, steps] } });
        const due = (await expected(rows, weight, kernel, mode)).flat();
        assert.deepEqual(y?.dims, [1, 3, Math.ceil(steps / kernel.stride)]);
        for (const [i, value] of due.entries()) {
          const found = Number(y?.data[i]);
          assert.ok(
            Math.abs(found - value) < 1e-5,
            `${JSON.stringify(kernel)} ${steps} ${i}: ${found} ${value}`,
          );
        }
      }
    }
  });
}

Deno.test("causalConvolution() sees the past alone", () => {
  for (const mode of ["constant", "reflect", "edge"] as const) {
    const graph = new OnnxGraph();
    const weight = seededWeight("w", [2, 2, 10]);
    const signal = inputSignal("x", 2, 4);
    const { before, after, hop } = causalConvolution(graph, signal, { weight, bias: null }, {
      stride: 5,
      mode,
    });
    assert.deepEqual({ before, after, hop }, { before: 20, after: 0, hop: 20 });
  }
});

Deno.test("causalConvolution() refuses to reflect more at the end than before the start", () => {
  const weight = seededWeight("w", [2, 2, 4]);
  assert.throws(
    () =>
      causalConvolution(new OnnxGraph(), inputSignal("x", 2, 1), { weight, bias: null }, {
        stride: 4,
        mode: "reflect",
      }),
    new TypeError("Cannot reflect 3 steps at the end and only 0 before"),
  );
});

Deno.test("causalTransposedConvolution() gives steps × stride steps that see the past alone", async () => {
  const weight = seededWeight("w", [2, 1, 8]);
  let reach: number | null = null;
  await using graph = await open((graph, signal) => {
    const stretched = { ...signal, hop: 4 };
    const made = causalTransposedConvolution(graph, stretched, { weight, bias: null }, {
      stride: 4,
    });
    reach = contextOf(made, 1);
    return made;
  });
  const data = Float32Array.of(1, 0, 0, 0, 0, 0);
  const { y } = await graph.run({ x: { data, dims: [1, 2, 3] } });
  assert.deepEqual(y?.dims, [1, 1, 12]);
  const taps = (await weight.load()).subarray(0, 8);
  assert.deepEqual(y?.data, Float32Array.of(...taps, 0, 0, 0, 0));
  assert.equal(reach, 7);
});

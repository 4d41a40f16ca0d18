import assert from "node:assert/strict";
import { type GraphTensor, OnnxGraph } from "../../../models/graph/graph.ts";
import { rotaryFrequencies } from "../../../models/graph/rotary.ts";
import { planAttention, windowedAttention } from "../../../models/graph/windowed_attention.ts";
import { OpenGraph } from "../../support/run_graph.ts";
import { seededTensor } from "../../support/seeded.ts";

const [HEADS, SIZE, WINDOW] = [2, 4, 5];
const CHANNELS = HEADS * SIZE;
const FREQUENCIES = rotaryFrequencies(SIZE, 100);

const PROJECTED: GraphTensor = {
  name: "projected",
  type: "float32",
  shape: ["batch", "steps", 3 * CHANNELS],
};

async function open(window: number): Promise<OpenGraph> {
  const graph = new OnnxGraph();
  const projected = graph.input(PROJECTED);
  const options = { heads: HEADS, headChannels: SIZE, window, frequencies: FREQUENCIES };
  const mixed = windowedAttention(graph, projected, planAttention(graph, projected, options));
  graph.output({ name: "mixed", type: "float32", shape: ["batch", "steps", CHANNELS] }, mixed);
  return await OpenGraph.open(graph, [PROJECTED]);
}

/** A query's or a key's channels of one head, turned by its position. */
function turned(vector: readonly number[], position: number): number[] {
  const half = SIZE / 2;
  return vector.map((value, channel) => {
    const angle = position * (FREQUENCIES[channel % half] ?? NaN);
    const other = vector[(channel + half) % SIZE] ?? NaN;
    return value * Math.cos(angle) + (channel < half ? -1 : 1) * other * Math.sin(angle);
  });
}

/** The definition: each query looks at all keys that it may see. One clip, [steps][channels]. */
function expected(projected: Float32Array, steps: number, window: number): number[] {
  const part = (step: number, which: number, head: number) => {
    const start = step * 3 * CHANNELS + which * CHANNELS + head * SIZE;
    return Array.from(projected.subarray(start, start + SIZE));
  };
  const result: number[] = [];
  for (let step = 0; step < steps; step++) {
    for (let head = 0; head < HEADS; head++) {
      const query = turned(part(step, 0, head), step);
      const first = Math.max(0, step - window + 1);
      const seen = Array.from({ length: step - first + 1 }, (_, i) => first + i);
      const weights = seen.map((other) => {
        const key = turned(part(other, 1, head), other);
        return Math.exp(query.reduce((sum, value, i) => sum + value * (key[i] ?? NaN), 0));
      });
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (let channel = 0; channel < SIZE; channel++) {
        const mixed = seen.reduce(
          (sum, other, i) => sum + (weights[i] ?? NaN) * (part(other, 2, head)[channel] ?? NaN),
          0,
        );
        result.push(mixed / total);
      }
    }
  }
  return result;
}

for (const window of [WINDOW, 1]) {
  Deno.test(`windowedAttention() sees ${window} keys, whatever the number of steps`, async () => {
    await using graph = await open(window);
    for (let steps = 1; steps <= 17; steps++) {
      const shape = [2, steps, 3 * CHANNELS];
      const data = seededTensor({ name: "x", shape }, [{ match: "", low: -2, high: 2 }], steps);
      const { mixed } = await graph.run({ projected: { data, dims: shape } });
      assert.deepEqual(mixed?.dims, [2, steps, CHANNELS]);
      const length = data.length / 2;
      const due = [data.subarray(0, length), data.subarray(length)]
        .flatMap((clip) => expected(clip, steps, window));
      for (const [i, value] of due.entries()) {
        const found = Number(mixed?.data[i]);
        assert.ok(Math.abs(found - value) < 1e-5, `${steps} steps, ${i}: ${found}, not ${value}`);
      }
    }
  });
}

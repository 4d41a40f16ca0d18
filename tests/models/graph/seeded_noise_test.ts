import assert from "node:assert/strict";
import { type GraphTensor, OnnxGraph } from "../../../models/graph/graph.ts";
import { isNoiseSeed, seededNoise } from "../../../models/graph/seeded_noise.ts";
import { inputSignal } from "../../../models/graph/signal.ts";
import { OpenGraph } from "../../support/run_graph.ts";

const HOP = 4;
const SIGNAL: GraphTensor = { name: "signal", type: "float32", shape: ["batch", 1, "steps"] };
const POSITION: GraphTensor = { name: "position", type: "int64", shape: [1] };

/** Noise for so many steps from a sample on. */
type Noise = (position: number, steps: number) => Promise<Float32Array>;

async function withNoise(
  options: { readonly seed: number; readonly stream: number },
  use: (noise: Noise) => Promise<void>,
): Promise<void> {
  const graph = new OnnxGraph();
  const signal = inputSignal(graph.input(SIGNAL), 1, HOP);
  const position = graph.input(POSITION);
  const noise = seededNoise(graph, signal, { ...options, position });
  graph.output({ name: "noise", type: "float32", shape: [1, 1, "steps"] }, noise);
  await using open = await OpenGraph.open(graph, [SIGNAL, POSITION]);
  await use(async (from, steps) => {
    const outputs = await open.run({
      signal: { data: new Float32Array(2 * steps), dims: [2, 1, steps] },
      position: { data: BigInt64Array.of(BigInt(from)), dims: [1] },
    });
    const { data, dims } = outputs["noise"] ?? {};
    assert.ok(data instanceof Float32Array);
    assert.deepEqual(dims, [1, 1, steps]);
    return data.slice();
  });
}

function mean(values: Float32Array, of: (value: number, index: number) => number): number {
  return values.reduce((sum, value, i) => sum + of(value, i), 0) / values.length;
}

Deno.test("seededNoise() is normal: mean 0, variance 1, fourth moment 3, no step like another", async () => {
  await withNoise({ seed: 5, stream: 0 }, async (noise) => {
    const count = 400_000;
    const values = await noise(0, count);
    // Four standard errors each.
    const within = (found: number, due: number, deviation: number) =>
      assert.ok(Math.abs(found - due) < 4 * deviation / Math.sqrt(count), `${found} for ${due}`);
    within(mean(values, (value) => value), 0, 1);
    within(mean(values, (value) => value ** 2), 1, Math.SQRT2);
    within(mean(values, (value) => value ** 4), 3, Math.sqrt(96));
    for (const lag of [1, 2, 3, 8, 512]) {
      within(mean(values, (value, i) => value * (values[i - lag] ?? 0)), 0, 1);
      within(mean(values, (value, i) => value ** 2 * ((values[i - lag] ?? 1) ** 2 - 1)), 0, 3);
    }
    assert.ok(values.some((value) => Math.abs(value) > 4));
  });
});

Deno.test("seededNoise() is the same at the same place, wherever a piece starts", async () => {
  await withNoise({ seed: 5, stream: 1 }, async (noise) => {
    const whole = await noise(0, 1000);
    assert.deepEqual(await noise(0, 1000), whole);
    assert.deepEqual(await noise(300 * HOP, 700), whole.slice(300));
    // After half an hour at 44.1 kHz.
    const late = 44_100 * 1800 * HOP;
    assert.deepEqual((await noise(late, 20)).slice(7), await noise(late + 7 * HOP, 13));
  });
});

Deno.test("seededNoise() is other noise for another seed and for another stream", async () => {
  const kinds: Float32Array[] = [];
  for (const [seed, stream] of [[0, 0], [1, 0], [0, 1], [2 ** 31 - 2, 0]] as const) {
    await withNoise({ seed, stream }, async (noise) => {
      kinds.push(await noise(0, 10_000));
    });
  }
  kinds.forEach((one, i) =>
    kinds.slice(i + 1).forEach((other) => {
      const product = mean(one, (value, at) => value * (other[at] ?? NaN));
      assert.ok(Math.abs(product) < 0.04, `${product}`);
    })
  );
});

Deno.test("isNoiseSeed() takes whole numbers of the field less one", () => {
  assert.deepEqual(
    [0, 2 ** 31 - 2, -1, 2 ** 31 - 1, 0.5, NaN].map(isNoiseSeed),
    [true, true, false, false, false, false],
  );
});

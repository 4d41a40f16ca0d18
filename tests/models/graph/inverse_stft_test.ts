import assert from "node:assert/strict";
import { type GraphTensor, OnnxGraph } from "../../../models/graph/graph.ts";
import { binsOf, inverseStft } from "../../../models/graph/inverse_stft.ts";
import { contextOf, inputSignal } from "../../../models/graph/signal.ts";
import { OpenGraph } from "../../support/run_graph.ts";
import { seededTensor } from "../../support/seeded.ts";

/** The definition: each frame's real inverse transform, windowed, added, normalised, cut. */
function expected(
  spectra: readonly (readonly (readonly [real: number, imaginary: number])[])[],
  window: Float32Array,
  hop: number,
): number[] {
  const size = window.length;
  const sums = new Array<number>((spectra.length - 1) * hop + size).fill(0);
  const squares = [...sums];
  for (const [frame, bins] of spectra.entries()) {
    for (const [n, factor] of window.entries()) {
      let value = 0;
      for (const [k, [real, imaginary]] of bins.entries()) {
        const single = k === 0 || 2 * k === size;
        const angle = 2 * Math.PI * k * n / size;
        value += real * Math.cos(angle) * (single ? 1 : 2);
        if (!single) value -= 2 * imaginary * Math.sin(angle);
      }
      sums[frame * hop + n] = (sums[frame * hop + n] ?? 0) + value / size * factor;
      squares[frame * hop + n] = (squares[frame * hop + n] ?? 0) + factor ** 2;
    }
  }
  const cut = (size - hop) / 2;
  return sums.map((sum, i) => sum / (squares[i] ?? 0)).slice(cut, cut + spectra.length * hop);
}

for (const [size, hop] of [[16, 4], [12, 4], [6, 2], [8, 8]] as const) {
  Deno.test(`inverseStft() inverts frames of ${size} samples every ${hop}, from one frame on`, async () => {
    const window = seededTensor({ name: "window", shape: [size] }, [
      { match: "", low: 0.2, high: 1 },
    ], 1);
    const inputs = ([0, 1] as const).map((parity): GraphTensor => ({
      name: `bins${parity}`,
      type: "float32",
      shape: ["batch", "steps", 2 * binsOf(size, parity).length],
    }));
    const graph = new OnnxGraph();
    const [even = "", odd = ""] = inputs.map((input) => graph.input(input));
    const sound = inverseStft(graph, [even, odd], inputSignal(even, 1, hop), {
      window: { name: "window", shape: [size], load: () => Promise.resolve(window) },
      hop,
    });
    graph.output({ name: "sound", type: "float32", shape: ["batch", 1, "n"] }, sound.value);
    await using open = await OpenGraph.open(graph, inputs);
    for (const steps of [1, 2, 3, 7]) {
      const parts = inputs.map(({ name, shape }) => {
        const width = Number(shape[2]);
        const data = seededTensor({ name, shape: [steps, width] }, [{ match: "", gain: 1 }], steps);
        return { name, width, data };
      });
      const feeds = parts.map(({ name, width, data }) =>
        [name, { data, dims: [1, steps, width] }] as const
      );
      const { sound } = await open.run(Object.fromEntries(feeds));
      const spectra = Array.from(
        { length: steps },
        (_, step) =>
          Array.from({ length: size / 2 + 1 }, (_, bin) => {
            const part = parts[bin % 2];
            const at = step * (part?.width ?? 0) + Math.floor(bin / 2);
            return [part?.data[at] ?? NaN, part?.data[at + (part.width / 2)] ?? NaN] as const;
          }),
      );
      const due = expected(spectra, window, hop);
      assert.deepEqual(sound?.dims, [1, 1, steps * hop]);
      for (const [i, value] of due.entries()) {
        assert.ok(Math.abs(Number(sound?.data[i]) - value) < 1e-5, `${steps} steps, sample ${i}`);
      }
    }
    assert.equal(contextOf(sound, 1), (size + hop) / 2 - 1);
  });
}

/**
 * Recurrent layers.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { sameSteps, type Signal, unbounded } from "./signal.ts";
import { derivedWeight, type Weight } from "./weight.ts";

/** The weights of one LSTM layer, as PyTorch lays them out: its gates in the order i, f, g, o. */
export interface LstmWeights {
  /** `weight_ih`, [4 · hidden, inputs]. */
  readonly input: Weight;
  /** `weight_hh`, [4 · hidden, hidden]. */
  readonly recurrent: Weight;
  /** `bias_ih`, [4 · hidden]. */
  readonly inputBias: Weight;
  /** `bias_hh`, [4 · hidden]. */
  readonly recurrentBias: Weight;
}

/** ONNX wants the gates as i, o, f, g: where each of them lies in PyTorch. */
const GATES = [0, 3, 1, 2];

/**
 * torch's `LSTM` of several layers from a state of zeros, forward in time: each step depends on
 * all before it. Computed in the precision of the graph, in which no CPU knows float16.
 */
export function lstm(graph: OnnxGraph, signal: Signal, layers: readonly LstmWeights[]): Signal {
  let value = graph.node("Transpose", [signal.value], { perm: [2, 0, 1] });
  let channels = signal.channels;
  for (const layer of layers) {
    const [, hidden = 0] = layer.recurrent.shape;
    const [output = ""] = graph.nodes(
      "LSTM",
      [
        value,
        graph.weight(oneDirection(layer.input, [1, 4 * hidden, channels])),
        graph.weight(oneDirection(layer.recurrent, [1, 4 * hidden, hidden])),
        graph.weight(bothBiases(layer, hidden)),
      ],
      { hidden_size: hidden },
      1,
    );
    // [steps, directions, batch, hidden]
    value = graph.node("Squeeze", [output, graph.integers([1])]);
    channels = hidden;
  }
  const steps = graph.node("Transpose", [value], { perm: [1, 2, 0] });
  return unbounded(sameSteps(signal, steps, channels), { causal: true });
}

function oneDirection(weight: Weight, shape: readonly number[]): Weight {
  return derivedWeight(`${weight.name}:gates`, shape, [weight], regrouped);
}

function bothBiases({ inputBias, recurrentBias }: LstmWeights, hidden: number): Weight {
  return derivedWeight(
    `${inputBias.name}:both`,
    [1, 8 * hidden],
    [inputBias, recurrentBias],
    (input, recurrent) => Float32Array.of(...regrouped(input), ...regrouped(recurrent)),
  );
}

function regrouped(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const quarter = values.length / GATES.length;
  const result = new Float32Array(values.length);
  for (const [to, from] of GATES.entries()) {
    result.set(values.subarray(from * quarter, (from + 1) * quarter), to * quarter);
  }
  return result;
}

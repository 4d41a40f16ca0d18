/**
 * Snake between two convolutions, its α folded into their weights.
 *
 * With u = αx, snake(x) = x + sin(αx)² / α = (u + sin(u)²) / α: the convolution before gives u where
 * its rows are multiplied by α, the one after takes u + sin(u)² where its columns are divided by
 * it. Two of five passes over a signal less, at the cost of one rounding of each weight.
 *
 * @module
 */
import type { ConvolutionWeights } from "./convolution.ts";
import type { OnnxGraph } from "./graph.ts";
import { sameSteps, type Signal } from "./signal.ts";
import { derivedWeight, sizeOf, type Weight } from "./weight.ts";

/** Stands for an α of 0, where snake(x) = x: so small that sin(u)² vanishes beside u. */
const LEAST = 1e-12;

/** The convolutions around a snake of α [1, channels, 1], with it folded in. */
export function foldSnake(
  before: ConvolutionWeights,
  alpha: Weight,
  after: ConvolutionWeights,
): readonly [before: ConvolutionWeights, after: ConvolutionWeights] {
  const { weight, bias } = before;
  const rows = folded(weight, alpha, (value, factor) => value * factor, sizeOfRow(weight), false);
  const offsets = bias &&
    folded(bias, alpha, (value, factor) => value * factor, 1, false);
  const columns = folded(
    after.weight,
    alpha,
    (value, factor) => value / factor,
    after.weight.shape[2] ?? 1,
    true,
  );
  return [{ weight: rows, bias: offsets }, { weight: columns, bias: after.bias }];
}

/** u + sin(u)². */
export function foldedSnake(graph: OnnxGraph, signal: Signal): Signal {
  const sine = graph.node("Sin", [signal.value]);
  const square = graph.node("Mul", [sine, sine]);
  return sameSteps(signal, graph.node("Add", [signal.value, square]));
}

function sizeOfRow({ shape }: Weight): number {
  return sizeOf(shape.slice(1));
}

/** Changes runs of `run` values by the α of each channel in turn, again and again where `repeat`. */
function folded(
  weight: Weight,
  alpha: Weight,
  change: (value: number, factor: number) => number,
  run: number,
  repeat: boolean,
): Weight {
  const name = `${weight.name}:${repeat ? "over" : "times"}_alpha`;
  return derivedWeight(name, weight.shape, [weight, alpha], (values, factors) => {
    const channels = factors.length;
    return values.map((value, i) => {
      const factor = factors[Math.floor(i / run) % channels] ?? NaN;
      return change(value, Math.abs(factor) < LEAST ? LEAST : factor);
    });
  });
}

/**
 * The residual unit of SNAC and DAC.
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { add, snake } from "./activations.ts";
import { convolution } from "./convolution.ts";
import type { OnnxGraph } from "./graph.ts";
import type { Signal } from "./signal.ts";

/** Steps that the first convolution of a unit sees. */
const KERNEL = 7;

/** How a residual unit looks around. */
export interface ResidualUnitOptions {
  /** Steps between those that the first convolution sees. */
  readonly dilation: number;
  /** Groups of that convolution: as many as channels where it is depthwise. @default {1} */
  readonly groups?: number;
}

/**
 * x + conv₁(snake(conv₇(snake(x)))), as many steps out as in.
 *
 * @param prefix Name of the unit in the checkpoint; its layers are `prefix.block.0` to `.3`.
 */
export function residualUnit(
  graph: OnnxGraph,
  signal: Signal,
  weights: CheckpointWeights,
  prefix: string,
  { dilation, groups = 1 }: ResidualUnitOptions,
): Signal {
  const { channels } = signal;
  const reach = dilation * (KERNEL - 1) / 2;
  const wide = weights.convolution(
    `${prefix}.block.1`,
    [channels, channels / groups, KERNEL],
    channels,
  );
  const narrow = weights.convolution(`${prefix}.block.3`, [channels, channels, 1], channels);
  const first = snakeLayer(graph, signal, weights, `${prefix}.block.0`);
  const seen = convolution(graph, first, wide, { dilation, groups, padding: [reach, reach] });
  const second = snakeLayer(graph, seen, weights, `${prefix}.block.2`);
  return add(graph, signal, convolution(graph, second, narrow));
}

/** Snake with the α of a layer, `prefix.alpha` [1, channels, 1]. */
export function snakeLayer(
  graph: OnnxGraph,
  signal: Signal,
  weights: CheckpointWeights,
  prefix: string,
): Signal {
  return snake(graph, signal, weights.tensor(`${prefix}.alpha`, [1, signal.channels, 1]));
}

/**
 * The residual unit of SNAC and DAC.
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import { add, snake } from "./activations.ts";
import { convolution } from "./convolution.ts";
import { type Edges, ZERO_EDGES } from "./edges.ts";
import { foldedSnake, foldSnake } from "./folded_snake.ts";
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
  /** What its layers are called after `prefix.`: snake, convolution, snake, convolution. @default {UNIT_LAYERS} */
  readonly layers?: UnitLayers;
  /** What that convolution finds beyond the ends of the signal. @default {ZERO_EDGES} */
  readonly edges?: Edges;
}

/** Names of the four layers of a unit. */
export type UnitLayers = readonly [first: string, wide: string, second: string, narrow: string];

/** What the authors of both codecs call them. */
export const UNIT_LAYERS: UnitLayers = ["block.0", "block.1", "block.2", "block.3"];

/**
 * x + conv₁(snake(conv₇(snake(x)))), as many steps out as in where there are zeros beyond the ends.
 *
 * @param prefix Name of the unit in the checkpoint.
 */
export function residualUnit(
  graph: OnnxGraph,
  signal: Signal,
  weights: CheckpointWeights,
  prefix: string,
  options: ResidualUnitOptions,
): Signal {
  const { dilation, groups = 1, layers = UNIT_LAYERS, edges = ZERO_EDGES } = options;
  const [first, wide, second, narrow] = layers;
  const { channels } = signal;
  const reach = dilation * (KERNEL - 1) / 2;
  const wideShape = [channels, channels / groups, KERNEL];
  const wideWeights = weights.convolution(`${prefix}.${wide}`, wideShape, channels);
  const narrowShape = [channels, channels, 1];
  const narrowWeights = weights.convolution(`${prefix}.${narrow}`, narrowShape, channels);
  const bent = snakeLayer(graph, signal, weights, `${prefix}.${first}`);
  const alpha = weights.tensor(`${prefix}.${second}.alpha`, [1, channels, 1]);
  // Weights times α, or over it, may leave the range of float16.
  const folds = graph.precision === "float32";
  const [before, after] = folds
    ? foldSnake(wideWeights, alpha, narrowWeights)
    : [wideWeights, narrowWeights];
  const padding = [reach, reach] as const;
  const seen = edges.convolution(graph, bent, before, { dilation, groups, padding });
  const again = folds ? foldedSnake(graph, seen) : snake(graph, seen, alpha);
  const change = convolution(graph, again, after);
  return add(graph, edges.inner(graph, signal, reach), change);
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

/**
 * Causal attention that looks back a fixed number of steps, in memory that grows with the length
 * and not with its square.
 *
 * Steps are cut into blocks as long as the window. A query then finds all keys it may see in its
 * own block and the one before. A signal no longer than the window is one block of its own length
 * and has no block before it, so that short clips cost what they would without blocks.
 *
 * @module
 */
import type { OnnxGraph } from "./graph.ts";
import { type RotaryTables, rotaryTables, rotate } from "./rotary.ts";

/** How the attention of a transformer looks back. */
export interface WindowedAttentionOptions {
  readonly heads: number;
  /** Channels of one head. */
  readonly headChannels: number;
  /** A key is visible if 0 ≤ query − key < window. */
  readonly window: number;
  /** Radians that each pair of channels turns by from step to step; see `rotaryFrequencies`. */
  readonly frequencies: Float32Array;
}

/** What every layer of a transformer shares: sizes found from the length, tables, the mask. */
export interface AttentionPlan {
  readonly options: WindowedAttentionOptions;
  /** int64 [1]: steps of the signal. */
  readonly steps: string;
  /** int64 [6]: what pads [batch, steps, channels] to whole blocks. */
  readonly padding: string;
  /** int64 [1]: steps in a block. */
  readonly block: string;
  /** int64 [1]: where the part of the block before begins that its successor sees. */
  readonly seenFrom: string;
  readonly tables: RotaryTables;
  /** float [blocks, 1, block, visible + block]: 0, or what takes a key out of the sum. */
  readonly mask: string;
}

/** Added to a score, makes its weight zero; within float16. */
const HIDDEN = -30000;

/**
 * Finds out from a value [batch, steps, channels] what all layers need.
 */
export function planAttention(
  graph: OnnxGraph,
  value: string,
  options: WindowedAttentionOptions,
): AttentionPlan {
  const steps = graph.node("Shape", [value], { start: 1, end: 2 });
  const one = graph.integers([1]);
  const block = graph.node("Min", [steps, graph.integers([options.window])]);
  const rounded = graph.node("Sub", [graph.node("Add", [steps, block]), one]);
  const blocks = graph.node("Div", [rounded, block]);
  const total = graph.node("Mul", [blocks, block]);
  const lacking = graph.node("Sub", [total, steps]);
  const zeros = (count: number) => graph.integers(new Array<number>(count).fill(0));
  const others = graph.node("Min", [graph.node("Sub", [blocks, one]), one]);
  const before = graph.node("Mul", [block, others]);
  return {
    options,
    steps,
    padding: graph.node("Concat", [zeros(4), lacking, zeros(1)], { axis: 0 }),
    block,
    seenFrom: graph.node("Sub", [block, before]),
    tables: blockTables(graph, { total, block }, options),
    mask: blockMask(graph, { total, block, before }, options.window),
  };
}

/** The rotary tables as [blocks, 1, block, channels of a head]. */
function blockTables(
  graph: OnnxGraph,
  { total, block }: { readonly total: string; readonly block: string },
  { frequencies, headChannels }: WindowedAttentionOptions,
): RotaryTables {
  const count = graph.node("Squeeze", [total]);
  const { cosine, sine } = rotaryTables(graph, count, frequencies);
  const shape = graph.node(
    "Concat",
    [graph.integers([-1, 1]), block, graph.integers([headChannels])],
    { axis: 0 },
  );
  return {
    cosine: graph.node("Reshape", [cosine, shape]),
    sine: graph.node("Reshape", [sine, shape]),
  };
}

/** Which keys, those before the block first, each query of each block does not see. */
function blockMask(
  graph: OnnxGraph,
  { total, block, before }: {
    readonly total: string;
    readonly block: string;
    readonly before: string;
  },
  window: number,
): string {
  const scalar = (value: string) => graph.node("Squeeze", [value]);
  const range = (until: string) =>
    graph.node("Range", [graph.integers([0], []), scalar(until), graph.integers([1], [])]);
  const positions = range(total);
  const blockShape = graph.node("Concat", [graph.integers([-1, 1]), block, graph.integers([1])], {
    axis: 0,
  });
  const queries = graph.node("Reshape", [positions, blockShape]);
  const starts = graph.node("Slice", [
    queries,
    ...[[0], [1], [2]].map((values) => graph.integers(values)),
  ]);
  const offsets = graph.node("Sub", [range(graph.node("Add", [before, block])), before]);
  const keys = graph.node("Add", [starts, offsets]);
  const distance = graph.node("Sub", [queries, keys]);
  const zero = graph.integers([0], []);
  const visible = graph.node("And", [
    graph.node("And", [
      graph.node("GreaterOrEqual", [distance, zero]),
      graph.node("Less", [distance, graph.integers([window], [])]),
    ]),
    graph.node("GreaterOrEqual", [keys, zero]),
  ]);
  return graph.node("Where", [visible, graph.floats([0], []), graph.floats([HIDDEN], [])]);
}

/**
 * Attention of all heads, before the output projection.
 *
 * @param projected float [batch, steps, 3 × heads × channels of a head]: queries, already scaled
 * by 1 / √channels of a head, keys, values; each head's channels together, halves to be turned.
 * @returns float [batch, steps, heads × channels of a head].
 */
export function windowedAttention(
  graph: OnnxGraph,
  projected: string,
  plan: AttentionPlan,
): string {
  const { heads, headChannels } = plan.options;
  const padded = graph.node("Pad", [projected, plan.padding]);
  const shape = graph.node(
    "Concat",
    [graph.integers([0, -1]), plan.block, graph.integers([3, heads, headChannels])],
    { axis: 0 },
  );
  // [3, batch, blocks, heads, block, channels]
  const apart = graph.node("Transpose", [graph.node("Reshape", [padded, shape])], {
    perm: [3, 0, 1, 4, 2, 5],
  });
  const [turning = "", values = ""] = splitFirst(graph, apart, [2, 1]);
  const [queries = "", keys = ""] = splitFirst(graph, rotate(graph, turning, plan.tables), [1, 1]);
  const squeeze = (value: string) => graph.node("Squeeze", [value, graph.integers([0])]);
  const visibleKeys = withBlockBefore(graph, squeeze(keys), plan);
  const scores = graph.node("MatMul", [
    squeeze(queries),
    graph.node("Transpose", [visibleKeys], { perm: [0, 1, 2, 4, 3] }),
  ]);
  const weights = graph.node("Softmax", [graph.node("Add", [scores, plan.mask])], { axis: -1 });
  const mixed = graph.node("MatMul", [weights, withBlockBefore(graph, squeeze(values), plan)]);
  const together = graph.node("Reshape", [
    graph.node("Transpose", [mixed], { perm: [0, 1, 3, 2, 4] }),
    graph.node("Concat", [
      graph.node("Shape", [projected], { start: 0, end: 1 }),
      graph.integers([-1, heads * headChannels]),
    ], { axis: 0 }),
  ]);
  return graph.node("Slice", [together, graph.integers([0]), plan.steps, graph.integers([1])]);
}

function splitFirst(graph: OnnxGraph, value: string, sizes: readonly number[]): string[] {
  return graph.nodes("Split", [value, graph.integers(sizes)], { axis: 0 }, sizes.length);
}

/** [batch, blocks, heads, block, channels] with what each block sees of the one before put first. */
function withBlockBefore(graph: OnnxGraph, value: string, { seenFrom }: AttentionPlan): string {
  const ends = 2 ** 31 - 1;
  const shifted = graph.node("Pad", [
    graph.node("Slice", [value, ...[[0], [-1], [1]].map((at) => graph.integers(at))]),
    graph.integers([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
  ]);
  const before = graph.node("Slice", [
    shifted,
    seenFrom,
    graph.integers([ends]),
    graph.integers([3]),
  ]);
  return graph.node("Concat", [before, value], { axis: 3 });
}

/**
 * The goldens of NeMo codecs, which `tests/golden/nemo.py` wrote: their tensors are nested by the
 * dots of their names, and some are integers.
 *
 * @module
 */
import type { Checkpoint, TensorFacts } from "../../lib/checkpoints/checkpoint.ts";
import type { OpenedModel } from "../../models/checkpoint_family.ts";
import type { Golden } from "./golden.ts";
import { SeededCheckpoint } from "./seeded.ts";

/** The shape of a tensor of floats, a tensor of integers, or more of them below a name. */
type Tree = readonly number[] | Integers | { readonly [name: string]: Tree };

interface Integers {
  readonly shape: readonly number[];
  readonly int32: readonly number[];
}

/** A golden as it lies in its file. */
interface Stored extends Omit<Golden, "tensors"> {
  readonly config: NonNullable<Golden["config"]>;
  readonly tensors: Tree;
}

/** A golden and its model. */
export interface NemoGolden extends Omit<Stored, "tensors"> {
  readonly tensors: readonly TensorFacts[];
  /** The model, as if it had been read from an archive. */
  readonly model: OpenedModel;
}

/** The narrow models, whose archives lie in `tests/data/checkpoints/nemo`. */
export const NARROW_MODELS = ["narrow_nano", "narrow_44khz", "narrow_causal"] as const;

/** Reads a golden. */
export async function readNemoGolden(name: string): Promise<NemoGolden> {
  const url = new URL(`../golden/nemo/${name}.json`, import.meta.url);
  const { tensors, ...golden }: Stored = JSON.parse(await Deno.readTextFile(url));
  const integers = new Map<string, readonly number[]>();
  const facts = [...factsOf(tensors, "", integers)];
  const floats = new SeededCheckpoint({ ...golden, tensors: facts });
  const checkpoint: Checkpoint = {
    path: `${name}.nemo`,
    tensors: floats.tensors,
    metadata: {},
    readFloat32(tensor) {
      const stored = integers.get(tensor);
      return stored === undefined
        ? floats.readFloat32(tensor)
        : Promise.resolve(Float32Array.from(stored));
    },
    [Symbol.dispose]() {},
  };
  const configPath = `${name}.nemo/model_config.yaml`;
  const model = { id: `nvidia/${name}`, config: golden.config, configPath, checkpoint };
  return { ...golden, tensors: facts, model };
}

function* factsOf(
  tree: Tree,
  name: string,
  integers: Map<string, readonly number[]>,
): Generator<TensorFacts> {
  if (isShape(tree)) {
    yield { name, shape: tree, type: "float32" };
  } else if (isIntegers(tree)) {
    integers.set(name, tree.int32);
    yield { name, shape: tree.shape, type: "int32" };
  } else {
    for (const [part, below] of Object.entries(tree)) {
      yield* factsOf(below, name === "" ? part : `${name}.${part}`, integers);
    }
  }
}

function isShape(tree: Tree): tree is readonly number[] {
  return tree instanceof Array;
}

function isIntegers(tree: Tree): tree is Integers {
  return "int32" in tree;
}

/**
 * What a graph must take and give, and how one differs from it.
 *
 * @module
 */

/** One tensor of a contract. */
export interface TensorContract {
  readonly name: string;
  readonly type: "float32" | "int64";
  /** A number where the size is fixed, a word where it varies, null where the graph may decide. */
  readonly shape: readonly (number | string | null)[];
}

/** All tensors of a graph, and what the graph is for. */
export interface SessionContract {
  /** `the encoder of 'bundled'` */
  readonly role: string;
  readonly inputs: readonly TensorContract[];
  readonly outputs: readonly TensorContract[];
}

/** A tensor as the runtime describes it. */
export interface TensorDescription {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

/** The tensors of an opened graph. */
export interface GraphDescription {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
}

/**
 * Compares a graph with a contract.
 *
 * Further outputs are fine; further inputs are not, since nothing would feed them. A size that
 * the graph leaves open fits any.
 *
 * @returns One clause for each difference; empty if there is none.
 */
export function violationsOf(
  contract: SessionContract,
  graph: GraphDescription,
): string[] {
  const known = new Set(contract.inputs.map(({ name }) => name));
  return [
    ...contract.inputs.flatMap((tensor) => compare("input", tensor, graph.inputs)),
    ...graph.inputs.filter(({ name }) => !known.has(name))
      .map(({ name }) => `it asks for a further input '${name}'`),
    ...contract.outputs.flatMap((tensor) => compare("output", tensor, graph.outputs)),
  ];
}

function compare(
  direction: "input" | "output",
  wanted: TensorContract,
  tensors: readonly TensorDescription[],
): string[] {
  const asked = `${direction} '${wanted.name}' ${describe(wanted)}`;
  const found = tensors.find(({ name }) => name === wanted.name);
  if (found === undefined) {
    const names = tensors.map(({ name }) => `'${name}'`).join(", ");
    return [`it has no ${asked}; its ${direction}s are ${names || "none"}`];
  }
  const fits = found.isTensor && found.type === wanted.type &&
    shapesFit(wanted.shape, found.shape ?? []);
  return fits ? [] : [`${asked} is ${describe(found)} in the graph`];
}

function shapesFit(
  wanted: readonly (number | string | null)[],
  found: readonly (number | string)[],
): boolean {
  return wanted.length === found.length && wanted.every((size, axis) => {
    const there = found[axis];
    return size === null || isOpen(there) || there === size;
  });
}

/** Whether a size varies: the runtime gives its name, or -1 where it has none. */
function isOpen(size: number | string | undefined): boolean {
  return typeof size === "string" || (size !== undefined && size < 0);
}

function describe(tensor: {
  readonly type?: string;
  readonly shape?: readonly (number | string | null)[];
}): string {
  const sizes = (tensor.shape ?? []).map((size) => size ?? "any size");
  return `${tensor.type ?? "no tensor"} [${sizes.join(", ")}]`;
}

/**
 * OmegaConf's references inside a config: `${audio_encoder.encoded_dim}`.
 *
 * @module
 */
import type { PlainValue } from "../../lib/checkpoints/checkpoint.ts";

type Config = { readonly [key: string]: PlainValue };

/** A value that is a reference and nothing else: its type is that of what it names. */
const REFERENCE = /^\$\{([A-Za-z_][\w.]*)\}$/;

/**
 * A value with its references replaced by what they name, from the root of the config. Other text
 * stays as it is: a schema says what is wrong with it.
 *
 * @param complain Told of a reference to nothing, or to itself; it throws.
 */
export function resolved(
  value: PlainValue,
  root: Config,
  complain: (problem: string) => never,
): PlainValue {
  return resolve(value, []);

  function resolve(item: PlainValue, behind: readonly string[]): PlainValue {
    if (typeof item === "string") return follow(item, behind);
    if (item === null || typeof item !== "object") return item;
    if (item instanceof Array) return item.map((entry) => resolve(entry, behind));
    return Object.fromEntries(
      Object.entries(item).map(([key, entry]) => [key, resolve(entry, behind)]),
    );
  }

  function follow(text: string, behind: readonly string[]): PlainValue {
    const path = REFERENCE.exec(text)?.[1];
    if (path === undefined) return text;
    if (behind.includes(path)) complain(`'\${${path}}' refers to itself`);
    const found = valueAt(root, path);
    if (found === undefined) complain(`'\${${path}}' refers to a field that is not there`);
    return resolve(found, [...behind, path]);
  }
}

function valueAt(root: Config, path: string): PlainValue | undefined {
  return path.split(".").reduce<PlainValue | undefined>(
    (value, key) =>
      value !== null && typeof value === "object" && !(value instanceof Array) &&
        Object.hasOwn(value, key)
        ? (value as Config)[key]
        : undefined,
    root,
  );
}

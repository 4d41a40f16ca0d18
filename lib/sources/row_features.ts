/**
 * What the `datasets` library declares about columns, in the files that it writes.
 *
 * @module
 */

/** What is declared about one column. */
export interface Feature {
  /** `Audio`, `Image`, `ClassLabel`…; null for plain values and lists. */
  readonly name: string | null;
  /** The names of a `ClassLabel`. */
  readonly labels: readonly string[] | null;
}

type JsonObject = Readonly<Record<string, unknown>>;

const PLAIN: readonly unknown[] = ["Value", "Sequence", "List", "LargeList"];

/**
 * Reads the features of a dataset by column name.
 *
 * @param json What stands under `huggingface` in the metadata of a Parquet or Arrow file
 *   (`{"info": {"features": …}}`), or a `dataset_info.json` (`{"features": …}`).
 * @returns Nothing where there is no such text or it is something else: it is a hint, not the type.
 */
export function readFeatures(json: string | null): ReadonlyMap<string, Feature> {
  const root = parse(json);
  const info = isObject(root["info"]) ? root["info"] : root;
  const features = isObject(info["features"]) ? info["features"] : {};
  return new Map(
    Object.entries(features).map(([name, feature]) => [name, featureOf(feature)]),
  );
}

function featureOf(feature: unknown): Feature {
  if (!isObject(feature)) return { name: null, labels: null };
  const { _type: name, names } = feature;
  if (typeof name !== "string" || PLAIN.includes(name)) return { name: null, labels: null };
  return { name, labels: name === "ClassLabel" && isTexts(names) ? names : null };
}

function parse(json: string | null): JsonObject {
  if (json === null) return {};
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

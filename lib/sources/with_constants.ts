/**
 * A source whose speaker or language is a constant: it takes the place of what the data says.
 *
 * @module
 */
import type { DatasetConfig } from "./dataset.ts";
import type { Source, SourceItem } from "./source.ts";

/** Constants that are fields of a sample. */
const FIELDS = ["speaker", "language"] as const;

/** Whether a constant is a field, and so no column of its own. */
export function isFieldConstant(name: string): boolean {
  return FIELDS.some((field) => field === name);
}

/** The source itself where no constant is a field. */
export function withConstants(source: Source, constants: DatasetConfig["constants"]): Source {
  const given = FIELDS.filter((field) =>
    constants[field] !== undefined && constants[field] !== null
  )
    .map((field): [string, string] => [field, String(constants[field])]);
  if (given.length === 0) return source;
  const fields = Object.fromEntries(given);
  const { description, isSequential = false, blocks, textOnly } = source;
  return {
    ...{ description, isSequential },
    ...(blocks === undefined ? {} : { blocks }),
    ...(textOnly === undefined ? {} : { textOnly }),
    list: () => replace(source.list(), fields),
    fingerprint: () => source.fingerprint(),
  };
}

async function* replace(
  items: AsyncIterable<SourceItem>,
  fields: Readonly<Record<string, string>>,
): AsyncGenerator<SourceItem, void, void> {
  for await (const item of items) {
    yield item.kind === "sample" ? { ...item, sample: { ...item.sample, ...fields } } : item;
  }
}

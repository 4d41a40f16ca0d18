/**
 * The beginning of an input.
 *
 * @module
 */

import type { Source, SourceItem } from "./source.ts";

/** A source that ends after so many samples; lines that are no sample do not count. */
export function limitedSource(source: Source, maxSamples: number | null): Source {
  if (maxSamples === null) return source;
  const { description, isSequential = false, blocks, textOnly } = source;
  return {
    description,
    isSequential,
    list: () => listFirst(source, maxSamples),
    fingerprint: () => source.fingerprint(),
    ...(blocks === undefined ? {} : { blocks }),
    ...(textOnly === undefined ? {} : { textOnly }),
  };
}

async function* listFirst(
  source: Source,
  maxSamples: number,
): AsyncGenerator<SourceItem, void, void> {
  let left = maxSamples;
  if (left <= 0) return;
  for await (const item of source.list()) {
    yield item;
    if (item.kind === "sample" && --left === 0) return;
  }
}

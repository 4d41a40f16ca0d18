/**
 * Several inputs as one.
 *
 * @module
 */

import type { Source, SourceItem } from "./source.ts";

/** Lists one source after the other, in the order given. */
export function severalSources(sources: readonly Source[]): Source {
  return {
    description: sources.map((source) => source.description).join(", "),
    list: () => listAll(sources),
    fingerprint: async () => {
      const files = [];
      for (const source of sources) files.push(...await source.fingerprint());
      return files;
    },
  };
}

async function* listAll(
  sources: readonly Source[],
): AsyncGenerator<SourceItem, void, void> {
  for (const source of sources) yield* source.list();
}

/**
 * How places call each of several inputs: by what is left of their paths without the folders that
 * all of them are in, so that `a/manifest.jsonl:3` and `b/manifest.jsonl:3` stay apart wherever
 * the data lies.
 *
 * @param paths Absolute paths.
 */
export function labelsOf(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.split(/[/\\]/));
  const shortest = Math.min(...parts.map((names) => names.length)) - 1;
  let shared = 0;
  while (
    shared < shortest &&
    parts.every((names) => names[shared] === parts[0]?.[shared])
  ) shared++;
  return parts.map((names) => names.slice(shared).join("/"));
}

/**
 * Several inputs as one.
 *
 * @module
 */

import { limitedSource } from "./limited.ts";
import type { Blocks, Source, SourceItem } from "./source.ts";

/** One of several sources. */
export interface SourceShare {
  readonly source: Source;
  /** Take only so many samples, from the beginning; null for all. */
  readonly maxSamples: number | null;
}

/** How several sources become one. */
export interface SeveralOptions {
  /**
   * They are parts of one dataset: samples keep the origin that their source gives them. Otherwise
   * each source is a dataset, and its place is the origin of its samples. @default {false}
   */
  readonly areOneDataset?: boolean;
}

/**
 * Lists one source after the other, in the order given. If one of them is sequential, all are
 * leased in that order.
 *
 * @throws {RangeError} If several parts of one dataset have blocks: nothing tells whose a block is.
 */
export function severalSources(
  shares: readonly SourceShare[],
  options: SeveralOptions = {},
): Source {
  const { areOneDataset = false } = options;
  const sources = shares.map(({ source, maxSamples }) => limitedSource(source, maxSamples));
  const textOnly = sources.find((source) => source.textOnly !== undefined)?.textOnly;
  const blocks = areOneDataset ? blocksOfParts(sources) : blocksByOrigin(sources);
  return {
    description: sources.map((source) => source.description).join(", "),
    isSequential: sources.some((source) => source.isSequential),
    list: () => areOneDataset ? listParts(sources) : listDatasets(sources),
    fingerprint: async () => {
      const files = [];
      for (const source of sources) files.push(...await source.fingerprint());
      return files;
    },
    ...(blocks === undefined ? {} : { blocks }),
    ...(textOnly === undefined ? {} : { textOnly }),
  };
}

async function* listParts(sources: readonly Source[]): AsyncGenerator<SourceItem, void, void> {
  for (const source of sources) yield* source.list();
}

async function* listDatasets(sources: readonly Source[]): AsyncGenerator<SourceItem, void, void> {
  for (const [origin, source] of sources.entries()) {
    for await (const item of source.list()) {
      yield item.kind === "sample" ? { ...item, sample: { ...item.sample, origin } } : item;
    }
  }
}

function blocksOfParts(sources: readonly Source[]): Blocks | undefined {
  const [only, ...others] = sources.flatMap(({ blocks }) => blocks ?? []);
  if (others.length === 0) return only;
  throw new RangeError("Cannot join sources into one dataset: more than one of them has blocks");
}

function blocksByOrigin(sources: readonly Source[]): Blocks | undefined {
  if (sources.every(({ blocks }) => blocks === undefined)) return undefined;
  const ownerOf = (path: string, origin: number): Blocks => {
    const blocks = sources[origin]?.blocks;
    if (blocks !== undefined) return blocks;
    throw new RangeError(
      `Cannot find the source of the block '${path}': dataset ${origin} has none`,
    );
  };
  return {
    bring: async (path, signal, origin) => await ownerOf(path, origin).bring(path, signal, origin),
    drop: async (path, origin) => await ownerOf(path, origin).drop(path, origin),
  };
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

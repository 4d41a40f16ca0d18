/**
 * From the lines of a manifest to the items of a source.
 *
 * @module
 */

import type { SampleFields } from "./fields.ts";
import type { AudioLocator } from "./locate.ts";
import type { SourceItem } from "./source.ts";

/** What one line came to. */
export type ManifestEntry =
  | {
    readonly kind: "fields";
    readonly line: number;
    readonly fields: SampleFields;
  }
  | {
    readonly kind: "reject";
    readonly line: number;
    readonly id: string | null;
    readonly detail: string;
  }
  | { readonly kind: "excluded" };

/**
 * Locates the audio of each entry and names its place.
 *
 * @param label How the manifest is called in places: `manifest.jsonl` of `manifest.jsonl:17`.
 */
export async function* itemsOf(
  batches: AsyncIterable<readonly ManifestEntry[]>,
  label: string,
  locator: AudioLocator,
): AsyncGenerator<SourceItem, void, void> {
  for await (const batch of batches) {
    const samples = batch.flatMap((entry) => entry.kind === "fields" ? [entry.fields] : []);
    const paths = await locator.locate(samples);
    let next = 0;
    const excluded = batch.filter((entry) => entry.kind === "excluded").length;
    if (excluded > 0) yield { kind: "excluded", count: excluded };
    for (const entry of batch) {
      if (entry.kind === "excluded") continue;
      const place = `${label}:${entry.line}`;
      if (entry.kind === "reject") {
        const { id, detail } = entry;
        yield { kind: "reject", id, place, detail };
        continue;
      }
      const audio = paths[next++] ?? null;
      yield { kind: "sample", sample: { ...entry.fields, audio, place } };
    }
  }
}

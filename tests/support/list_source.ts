/** A source that lists what it is given. */
import { createHash } from "node:crypto";
import type { Source, SourceItem, SourceSample } from "../../lib/sources/source.ts";

/** A sample with nothing but an id and text, and whatever is given beside. */
export function sampleOf(id: string, rest: Partial<SourceSample> = {}): SourceSample {
  return {
    ...{ id, audio: null, text: `text of ${id}`, speaker: null, language: null },
    ...{ duration: 1, start: null, end: null, place: `list:${id}` },
    ...rest,
  };
}

/** A source over samples, or items, in memory. */
export function listSource(list: readonly (SourceSample | SourceItem)[]): Source {
  return {
    description: "list in memory",
    async *list() {
      for (const item of list) yield "kind" in item ? item : { kind: "sample", sample: item };
    },
    fingerprint() {
      const sha256 = createHash("sha256").update(JSON.stringify(list)).digest("hex");
      return Promise.resolve([{ path: "/list", sha256 }]);
    },
  };
}

/** Samples with the ids `s0000` to `s<count - 1>`. */
export function manySamples(count: number): SourceSample[] {
  return Array.from({ length: count }, (_, i) => sampleOf(`s${String(i).padStart(4, "0")}`));
}

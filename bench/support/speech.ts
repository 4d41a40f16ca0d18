/**
 * The clips that come with the toolkit, as often as a bench needs them.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Source, SourceSample } from "../../lib/sources/source.ts";

const SPEECH = fileURLToPath(new URL("../../examples/speech", import.meta.url));

/** Paths of the 32 LJSpeech clips, FLAC, 22,050 Hz, 222 s together. */
export const CLIPS: readonly string[] = Array.from(
  { length: 32 },
  (_, i) => `${SPEECH}/LJ001-${String(i + 1).padStart(4, "0")}.flac`,
);

/** Lists files one after another, all of them `times` times, under ids of their own. */
export function repeatedFiles(files: readonly string[], times: number): Source {
  return {
    description: `${files.length} files, ${times} times`,
    async *list() {
      await Promise.resolve();
      for (let i = 0; i < times * files.length; i++) {
        yield { kind: "sample", sample: sampleOf(i, files[i % files.length] ?? null, null) };
      }
    },
    fingerprint: () => Promise.resolve([]),
  };
}

/** Lists texts without audio. */
export function texts(count: number): Source {
  return {
    description: `${count} texts`,
    async *list() {
      await Promise.resolve();
      for (let i = 0; i < count; i++) {
        yield { kind: "sample", sample: sampleOf(i, null, `text ${i}`) };
      }
    },
    fingerprint: () => Promise.resolve([]),
  };
}

function sampleOf(i: number, audio: string | null, text: string | null): SourceSample {
  const id = `sample_${String(i).padStart(8, "0")}`;
  const nothing = { speaker: null, language: null, duration: null, start: null, end: null };
  return { id, audio, text, ...nothing, place: `bench:${i + 1}` };
}

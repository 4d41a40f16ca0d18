/**
 * The real clips of the repository at the bundled codec's rate, padded.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { type CodecSpec, paddedLength } from "../../models/codec.ts";

/** A clip and the name of its file. */
export interface RealClip {
  readonly name: string;
  readonly padded: Float32Array;
}

/** Folders of real audio, from the root of the repository. */
export const SPEECH = "examples/speech/";
export const DIGITS = "tests/data/fsdd/";
export const FORMATS = "tests/data/formats/";

/** Every audio file of a folder, in the order of the names. */
export function realClips(spec: CodecSpec, folder: string): RealClip[] {
  const url = new URL(`../../${folder}`, import.meta.url);
  return [...Deno.readDirSync(url)]
    .map(({ name }) => name)
    .filter((name) => /\.(?:flac|wav|mp3|m4a|ogg|opus|webm)$/.test(name))
    .sort()
    .map((name) => {
      const { pcm } = decodeAudio(fileURLToPath(new URL(name, url)), {
        sampleRate: spec.sampleRate,
      });
      const padded = new Float32Array(paddedLength(spec, pcm.length));
      padded.set(pcm);
      return { name, padded };
    });
}

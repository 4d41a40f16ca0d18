/** A program that decodes the files it is given, and prints nothing, whatever is wrong with them. */
import { decodeAudio } from "../../lib/audio/decode.ts";
import { SampleError } from "../../lib/errors.ts";

for (const path of Deno.args) {
  try {
    decodeAudio(path, { sampleRate: 24000 });
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
  }
}

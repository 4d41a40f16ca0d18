/// <reference lib="deno.worker" />
/** A Web Worker that decodes what it is told, and answers with a digest, as a feeder thread would. */
import { createHash } from "node:crypto";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { SampleError } from "../../lib/errors.ts";

function digestOf(path: string): string {
  try {
    const { pcm } = decodeAudio(path, { sampleRate: 16000 });
    return createHash("sha256").update(new Uint8Array(pcm.buffer)).digest("hex");
  } catch (error) {
    if (error instanceof SampleError) return error.reason;
    throw error;
  }
}

addEventListener("message", (event: Event) => {
  const paths: unknown = event instanceof MessageEvent ? event.data : [];
  if (!Array.isArray(paths)) return;
  self.postMessage(paths.map((path) => digestOf(String(path))));
});

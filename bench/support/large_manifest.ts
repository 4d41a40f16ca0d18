/**
 * Manifests too large to keep.
 *
 * @module
 */

const TEXT = "Printing, in the only sense with which we are at present concerned";
const LINES_A_WRITE = 20_000;

/** Writes a JSONL manifest of `count` lines; `audio` is named by each, null for text alone. */
export function writeManifest(path: string, count: number, audio: string | null): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  for (let i = 0; i < count; i += LINES_A_WRITE) {
    const lines = Array.from({ length: Math.min(LINES_A_WRITE, count - i) }, (_, k) => {
      const id = idOf(i + k);
      const speaker = `speaker_${(i + k) % 1000}`;
      const duration = durationOf(i + k);
      return JSON.stringify({ id, ...(audio && { audio, duration }), text: TEXT, speaker });
    });
    const bytes = new TextEncoder().encode(lines.join("\n") + "\n");
    let written = 0;
    while (written < bytes.length) written += file.writeSync(bytes.subarray(written));
  }
}

/** The id of a line, from 0. */
export function idOf(line: number): string {
  return `utterance_${String(line).padStart(8, "0")}`;
}

/** The seconds that a line declares: 1 to 10. */
export function durationOf(line: number): number {
  return 1 + (line * 7919 % 9001) / 1000;
}

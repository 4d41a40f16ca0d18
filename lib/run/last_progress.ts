/**
 * The last progress in an event log.
 *
 * @module
 */
import { openIfReadable } from "../fs.ts";
import type { Progress } from "./events.ts";

/** Progress comes every ten seconds; between two of them there may be many batches. */
const TAIL_BYTES = 4 * 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;

/**
 * Reads an event log from its end, as far as the last line that tells progress.
 *
 * @returns That line with its time, or null if there is no such line near the end.
 */
export function lastProgress(path: string): (Progress & { readonly at: string }) | null {
  using file = openIfReadable(path);
  if (file === null) return null;
  const end = file.seekSync(0, Deno.SeekMode.End);
  for (let length = BLOCK_BYTES;; length *= 4) {
    const start = Math.max(0, end - Math.min(length, TAIL_BYTES));
    const found = findProgress(readText(file, start, end));
    if (found !== null || start === 0 || length >= TAIL_BYTES) return found;
  }
}

function findProgress(text: string): (Progress & { readonly at: string }) | null {
  for (const line of text.split("\n").reverse()) {
    if (!line.includes('"type":"progress"')) continue;
    try {
      const event = JSON.parse(line);
      if (event.type === "progress") return event;
    } catch {
      // The first line of the block may be cut, the last one torn.
    }
  }
  return null;
}

function readText(file: Deno.FsFile, start: number, end: number): string {
  const bytes = new Uint8Array(end - start);
  file.seekSync(start, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < bytes.length) {
    const count = file.readSync(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, filled));
}

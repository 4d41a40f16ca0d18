/**
 * `deno run -A bench/decode_memory.ts [decodes]`: whether decoding keeps memory that it should
 * give back.
 *
 * 10,000 decodes over every format, every damaged file, resampled and cut, in one process. What
 * the process holds at the end is compared with what it held after the first tenth. The event loop
 * turns after each clip, as it does in a feeder thread: only there does Deno free what native objects
 * leave behind, some 5 KB a decode.
 */
import { fileURLToPath } from "node:url";
import type { DecodeOptions } from "../lib/audio/clip.ts";
import { decodeAudio } from "../lib/audio/decode.ts";
import { SampleError } from "../lib/errors.ts";
import { check, tell, title } from "./support/floors.ts";

const DECODES = Number(Deno.args[0] ?? 10_000);
const MEBIBYTE = 2 ** 20;

const FOLDERS = ["../tests/data/formats/", "../tests/data/bad/", "../tests/fixtures/audio/"];
const FILES = FOLDERS.map((folder) => new URL(folder, import.meta.url)).flatMap((folder) =>
  [...Deno.readDirSync(folder)].map(({ name }) => fileURLToPath(new URL(name, folder)))
);
const OPTIONS: readonly DecodeOptions[] = [
  {},
  { sampleRate: 16000 },
  { sampleRate: 24000, start: 0.01, end: 0.04 },
];

function decodes(path: string, options: DecodeOptions): boolean {
  try {
    decodeAudio(path, options);
    return true;
  } catch (error) {
    if (error instanceof SampleError) return false;
    throw error;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

title(`resident memory over ${DECODES} decodes of ${FILES.length} files`);
const resident = () => Deno.memoryUsage().rss / MEBIBYTE;
let failed = 0;
let warm = 0;
tell("at the start", resident(), "MiB");
for (let i = 0; i < DECODES; i++) {
  const options = OPTIONS[i % OPTIONS.length] ?? {};
  if (!decodes(FILES[i % FILES.length] ?? "", options)) failed++;
  await turn();
  if (i + 1 === Math.floor(DECODES / 10)) {
    warm = resident();
    tell(`after ${i + 1}`, warm, "MiB");
  }
}
tell(`after ${DECODES}`, resident(), "MiB");
tell("decodes that failed, as they should", failed, "");
check({
  name: "growth after the first tenth",
  ...{ value: resident() - warm, unit: "MiB", bound: 30, lowIsGood: true },
});

/**
 * `deno run -A bench/decode_bench.ts`: what decoding costs.
 *
 * Audio seconds per CPU second, of one thread that decodes to mono and resamples, over the 32
 * LJSpeech clips as they come (FLAC, 22,050 Hz) and made into MP3 and Opus. CPU time is that of the
 * whole process, garbage collection included, so that other work on the machine counts little.
 */
import process from "node:process";
import { basename, join } from "node:path";
import { decodeAudio } from "../lib/audio/decode.ts";
import { probeDuration } from "../lib/audio/probe.ts";
import { type LossyKind, MP3, OPUS, writeEncoded } from "./support/encoded_clip.ts";
import { check, tell, title } from "./support/floors.ts";
import { inTurns, median } from "./support/repeats.ts";
import { CLIPS } from "./support/speech.ts";
import { temporaryFolder } from "./support/temporary_folder.ts";

const TURNS = Number(Deno.args[0] ?? 5);
const FLOOR = 300;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Audio seconds per CPU second. */
function rateOf(paths: readonly string[], sampleRate: number): Promise<number> {
  const before = cpuSeconds();
  const durations = paths.map((path) => decodeAudio(path, { sampleRate }).duration);
  const seconds = durations.reduce((sum, duration) => sum + duration, 0);
  return Promise.resolve(seconds / (cpuSeconds() - before));
}

function encoded(folder: string, kind: LossyKind): string[] {
  return CLIPS.map((clip) => {
    const path = join(folder, `${basename(clip)}.${kind.extension}`);
    writeEncoded(path, decodeAudio(clip, { sampleRate: kind.sampleRate }).pcm, kind);
    return path;
  });
}

using folder = temporaryFolder();
const files = { FLAC: CLIPS, MP3: encoded(folder.path, MP3), Opus: encoded(folder.path, OPUS) };

title("decode, mix and resample: audio seconds per CPU second");
const rows = Object.entries(files).flatMap(([name, paths]) =>
  [16000, 24000].map((rate) => ({ name: `${name} to ${rate} Hz`, paths, rate }))
);
// The first turn also warms the compiler and the file cache up.
await inTurns(1, rows.map(({ paths, rate }) => () => rateOf(paths, rate)));
const rates = await inTurns(TURNS, rows.map(({ paths, rate }) => () => rateOf(paths, rate)));
rows.forEach(({ name }, row) => {
  const value = median(rates[row] ?? []);
  check({ name, value, unit: "audio s per CPU s", bound: FLOOR });
});

title("probing a header");
const times = 20_000;
const start = cpuSeconds();
for (let i = 0; i < times; i++) probeDuration(CLIPS[i % CLIPS.length] ?? "");
tell("probeDuration() of a FLAC", 1e6 * (cpuSeconds() - start) / times, "µs of CPU time");

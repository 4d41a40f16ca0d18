import { strict as assert } from "node:assert";
import { join } from "node:path";
import { decodeAudio } from "../../lib/audio/decode.ts";
import type { FailureReason } from "../../lib/errors.ts";
import { assertFails, badFile, formatFile, TemporaryFolder } from "./support.ts";

const FAILING: readonly [string, FailureReason, RegExp][] = [
  ["cut.mp3", "truncated_audio", /: the stream ends at 0\.18 s of 1\.90 s$/],
  ["empty.wav", "empty_file", /: the file is empty$/],
  ["nan.wav", "not_finite", /: sample 0, at 0\.000 s, is NaN$/],
  ["no_samples.wav", "no_samples", /: the WAV file holds no samples$/],
  ["text.mp3", "not_audio", /: its content is in no known audio format$/],
  ["truncated.flac", "truncated_audio", /: the stream ends at 0\.00 s of 1\.90 s$/],
  ["zero_rate.wav", "bad_sample_rate", /: the header declares a sample rate of 0 Hz/],
];

const HONEST: readonly [string, number][] = [
  ["header_lies_4gb.wav", 800],
  ["one_sample.wav", 1],
  ["silence.wav", 16000],
];

for (const [name, reason, words] of FAILING) {
  Deno.test(`decodeAudio() throws ${reason} for ${name}`, () => {
    assertFails(badFile(name), reason, words);
  });
}

for (const [name, samples] of HONEST) {
  Deno.test(`decodeAudio() takes ${name} for honest audio`, () => {
    assert.equal(decodeAudio(badFile(name)).pcm.length, samples);
    const resampled = decodeAudio(badFile(name), { sampleRate: 24000 });
    assert.equal(resampled.pcm.length, Math.ceil(samples * 1.5));
  });
}

Deno.test("every file in tests/data/bad is spoken for", () => {
  const names = [...Deno.readDirSync(badFile("."))].map((entry) => entry.name).sort();
  assert.deepEqual(names, [...FAILING, ...HONEST].map(([name]) => name).sort());
});

Deno.test("decodeAudio() throws for what is not there, or no file", () => {
  using folder = new TemporaryFolder();
  assertFails(join(folder.path, "gone.wav"), "missing_file", /there is no such file$/);
  const below = join(formatFile("clip.flac"), "x");
  assertFails(below, "missing_file", /a part of the path is not a folder$/);
  assertFails(folder.path, "not_audio", /it is a folder$/);
  if (Deno.build.os !== "windows") {
    assertFails("/dev/null", "not_audio", /it is not a regular file$/);
  }
});

Deno.test("decodeAudio() throws for text, pictures and noise, whatever their names say", () => {
  using folder = new TemporaryFolder();
  const text = (name: string, content: string) =>
    folder.write(name, new TextEncoder().encode(content));
  const page = "<!DOCTYPE html><title>404</title>".repeat(300);
  assertFails(text("page.mp3", page), "not_audio", /no known audio format$/);
  assertFails(text("page.wav", page), "not_audio", /no known audio format$/);
  const noise = Uint8Array.from({ length: 50000 }, (_, index) => (index * index * 7919) >> 3);
  assertFails(folder.write("noise.flac", noise), "not_audio", /'/);
});

Deno.test("decodeAudio() follows no playlist, and opens no address", () => {
  using folder = new TemporaryFolder();
  const write = (name: string, content: string) =>
    folder.write(name, new TextEncoder().encode(content));
  const clip = formatFile("clip.mp3");
  const playlist = write("list.mp3", `#EXTM3U\n#EXTINF:1,\nfile://${clip}\n#EXT-X-ENDLIST\n`);
  assertFails(playlist, "not_audio", /no known audio format$/);
  const script = write("concat.mp3", `ffconcat version 1.0\nfile '${clip}'\n`);
  assertFails(script, "not_audio", /no known audio format$/);
  assertFails("http://127.0.0.1:1/a.mp3", "missing_file", /there is no such file$/);
});

Deno.test("decodeAudio() reads paths of any characters", () => {
  using folder = new TemporaryFolder();
  const bytes = Deno.readFileSync(formatFile("clip.mp3"));
  const expected = decodeAudio(formatFile("clip.mp3")).pcm;
  for (
    const name of ["hello world.mp3", "тест 音声 🎧.mp3", "http:a.mp3", "50%'\"#?.mp3", "%03d.mp3"]
  ) {
    assert.deepEqual(decodeAudio(folder.write(name, bytes)).pcm, expected, name);
  }
});

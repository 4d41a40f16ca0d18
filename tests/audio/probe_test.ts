import { strict as assert } from "node:assert";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { encodeWav } from "../../lib/audio/wav.ts";
import { probeDuration } from "../../lib/audio/probe.ts";
import { badFile, formatFile, madeFile, speechFile, TemporaryFolder } from "./support.ts";

const TOLD = [
  formatFile("clip.flac"),
  formatFile("clip_24bit_stereo_48k.flac"),
  formatFile("clip_f32.wav"),
  formatFile("clip_s24_stereo_44k.wav"),
  badFile("one_sample.wav"),
  badFile("silence.wav"),
  madeFile("surround.flac"),
  speechFile("jfk.flac"),
];

for (const path of TOLD) {
  Deno.test(`probeDuration() tells of ${path.slice(path.lastIndexOf("/") + 1)} what decodes`, () => {
    assert.equal(probeDuration(path), decodeAudio(path).duration);
  });
}

Deno.test("probeDuration() tells null where the header does not tell", () => {
  for (const name of ["clip.mp3", "clip.ogg", "clip.opus", "clip.webm", "clip_adpcm.wav"]) {
    assert.equal(probeDuration(formatFile(name)), null, name);
  }
});

Deno.test("probeDuration() tells null, and throws nothing, for what is no sound file", () => {
  for (const name of ["empty.wav", "header_lies_4gb.wav", "no_samples.wav", "zero_rate.wav"]) {
    assert.equal(probeDuration(badFile(name)), null, name);
  }
  for (const path of ["/nowhere/a.wav", badFile("text.mp3"), badFile(".")]) {
    assert.equal(probeDuration(path), null, path);
  }
});

Deno.test("probeDuration() steps over an ID3 tag before FLAC", () => {
  using folder = new TemporaryFolder();
  const flac = Deno.readFileSync(formatFile("clip.flac"));
  const bytes = new Uint8Array(10 + 300 + flac.length);
  bytes.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 2, 44]);
  bytes.set(flac, 310);
  assert.equal(probeDuration(folder.write("tagged.flac", bytes)), 41885 / 22050);
});

Deno.test("probeDuration() tells what encodeWav() wrote", () => {
  using folder = new TemporaryFolder();
  const path = folder.write("a.wav", encodeWav(new Float32Array(12345), 24000));
  assert.equal(probeDuration(path), 12345 / 24000);
});

import { strict as assert } from "node:assert";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { formatFile, madeFile, speechFile, TemporaryFolder } from "./support.ts";
import { buildWav } from "./wav_builder.ts";
import { badFile, failureOf } from "./support.ts";

const MIXED = ["clip.flac", "clip.mp3", "clip.opus", "clip.m4a", "clip.webm", "clip_f32.wav"];

Deno.test("decodeAudio() gives the same bytes whatever was decoded before", () => {
  const first = MIXED.map((name) => decodeAudio(formatFile(name), { sampleRate: 16000 }).pcm);
  for (const name of ["cut.mp3", "truncated.flac", "nan.wav"]) failureOf(badFile(name));
  decodeAudio(formatFile("clip.ogg"), { sampleRate: 24000, start: 0.3, end: 0.9 });
  const backwards = MIXED.toReversed()
    .map((name) => decodeAudio(formatFile(name), { sampleRate: 16000 }).pcm).toReversed();
  MIXED.forEach((name, index) => assert.deepEqual(backwards[index], first[index], name));
});

Deno.test("decodeAudio() gives memory that is the clip's own", () => {
  const first = decodeAudio(formatFile("clip.mp3"));
  const copy = first.pcm.slice();
  assert.equal(first.pcm.buffer.byteLength, first.pcm.byteLength);
  decodeAudio(formatFile("clip.opus"));
  assert.deepEqual(first.pcm, copy);
});

Deno.test("decodeAudio() mixes stereo to the mean of its channels", () => {
  using folder = new TemporaryFolder();
  const interleaved = Float32Array.of(0.5, 0.25, -1, 1, 1, 1, 0.1, 0.3);
  const recipe = { tag: 3, bits: 32, channels: 2, sampleRate: 16000 };
  const data = new Uint8Array(interleaved.buffer);
  const clip = decodeAudio(folder.write("stereo.wav", buildWav({ ...recipe, data })));
  assert.deepEqual(clip.pcm, Float32Array.of(0.375, 0, 1, 0.2));
  assert.equal(clip.sourceChannels, 2);
});

for (const name of ["surround.flac", "surround.wv"]) {
  Deno.test(`decodeAudio() mixes the six channels of ${name} to their mean`, () => {
    const clip = decodeAudio(madeFile(name));
    assert.equal(clip.sourceChannels, 6);
    assert(clip.pcm.every((value) => Math.abs(value - 0.2) < 1e-6), `${clip.pcm[0]}`);
  });
}

Deno.test("decodeAudio() tells the rate, the channels and the length of the file", () => {
  const clip = decodeAudio(formatFile("clip_24bit_stereo_48k.flac"), { sampleRate: 24000 });
  assert.equal(clip.sampleRate, 24000);
  assert.equal(clip.sourceSampleRate, 48000);
  assert.equal(clip.sourceChannels, 2);
  assert.equal(clip.duration, 91179 / 48000);
  assert.equal(clip.pcm.length, Math.ceil(91179 / 2));
});

Deno.test("decodeAudio() names the first sample that is not finite", () => {
  using folder = new TemporaryFolder();
  const samples = new Float32Array(1000);
  samples[800] = -Infinity;
  const recipe = { tag: 3, bits: 32, channels: 1, sampleRate: 16000 };
  const path = folder.write("x.wav", buildWav({ ...recipe, data: new Uint8Array(samples.buffer) }));
  const error = failureOf(path);
  assert.equal(error.reason, "not_finite");
  assert.match(error.message, /: sample 800, at 0\.050 s, is -Infinity$/);
  assert.equal(decodeAudio(path, { end: 0.05 }).pcm.length, 800);
});

Deno.test("decodeAudio() throws a RangeError for a rate that is none", () => {
  for (const sampleRate of [0, -16000, 16000.5, NaN]) {
    assert.throws(() => decodeAudio(formatFile("clip.flac"), { sampleRate }), RangeError);
  }
});

Deno.test("decodeAudio() decodes real speech of 24 bits in stereo", () => {
  const clip = decodeAudio(speechFile("jfk.flac"), { sampleRate: 16000 });
  assert.equal(clip.sourceSampleRate, 44100);
  assert.equal(clip.sourceChannels, 2);
  assert.equal(clip.pcm.length, 176000);
  assert(clip.pcm.some((value) => Math.abs(value) > 0.2));
});

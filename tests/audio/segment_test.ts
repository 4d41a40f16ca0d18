import { strict as assert } from "node:assert";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { resample } from "../../lib/audio/resample.ts";
import { assert as holds, integer, property } from "../../lib/npm/fast_check.ts";
import { assertFails, badFile, formatFile, speechFile, TemporaryFolder } from "./support.ts";

const FORMATS = [
  "clip.flac",
  "clip.m4a",
  "clip.mp3",
  "clip.ogg",
  "clip.opus",
  "clip.webm",
  "clip_24bit_stereo_48k.flac",
  "clip_adpcm.wav",
  "clip_mulaw_8k.wav",
  "clip_s24_stereo_44k.wav",
];

for (const name of FORMATS) {
  Deno.test(`decodeAudio() gives as a segment of ${name} that part of the whole`, () => {
    const whole = decodeAudio(formatFile(name));
    const times = integer({ min: 0, max: 1850 });
    holds(
      property(times, integer({ min: 1, max: 400 }), (start, length) => {
        const segment = { start: start / 1000, end: Math.min(start + length, 1890) / 1000 };
        const part = decodeAudio(formatFile(name), segment);
        const from = Math.round(segment.start * whole.sampleRate);
        const to = Math.round(segment.end * whole.sampleRate);
        assert.deepEqual(part.pcm, whole.pcm.slice(from, to));
        assert.equal(part.duration, (to - from) / whole.sampleRate);
      }),
      { numRuns: 12 },
    );
  });
}

Deno.test("decodeAudio() finds the place in a long FLAC to the sample", () => {
  const path = speechFile("LJ001-0001.flac");
  const whole = decodeAudio(path).pcm;
  holds(
    property(integer({ min: 131072, max: whole.length - 2 }), (from) => {
      const to = Math.min(from + 700, whole.length);
      const part = decodeAudio(path, { start: from / 22050, end: to / 22050 });
      assert.deepEqual(part.pcm, whole.slice(from, to));
    }),
    { numRuns: 40 },
  );
});

Deno.test("decodeAudio() reads a late segment of a FLAC that is damaged before it", () => {
  using folder = new TemporaryFolder();
  const bytes = Deno.readFileSync(speechFile("LJ001-0001.flac"));
  bytes.fill(0, 40000, 41000);
  const path = folder.write("damaged.flac", bytes);
  assertFails(path, "corrupt_audio", /decoding fails/);
  const segment = { start: 8, end: 9 };
  const expected = decodeAudio(speechFile("LJ001-0001.flac"), segment);
  assert.deepEqual(decodeAudio(path, segment).pcm, expected.pcm);
});

Deno.test("decodeAudio() resamples a segment as a clip of its own", () => {
  const segment = { start: 0.5, end: 1.5 };
  const part = decodeAudio(formatFile("clip.mp3"), segment);
  const resampled = decodeAudio(formatFile("clip.mp3"), { ...segment, sampleRate: 16000 });
  assert.deepEqual(resampled.pcm, resample(part.pcm, 22050, 16000));
  assert.equal(resampled.pcm.length, 16000);
});

Deno.test("decodeAudio() reads from a start without an end, and up to an end without a start", () => {
  const whole = decodeAudio(formatFile("clip.ogg")).pcm;
  const { pcm: tail } = decodeAudio(formatFile("clip.ogg"), { start: 1, end: null });
  assert.deepEqual(tail, whole.slice(22050));
  const { pcm: head } = decodeAudio(formatFile("clip.ogg"), { start: null, end: 1 });
  assert.deepEqual(head, whole.slice(0, 22050));
});

Deno.test("decodeAudio() decodes no further than the segment's end", () => {
  const segment = { start: 0, end: 0.1 };
  const expected = decodeAudio(formatFile("clip.mp3"), segment);
  assert.deepEqual(decodeAudio(badFile("cut.mp3"), segment).pcm, expected.pcm);
  assertFails(badFile("cut.mp3"), "truncated_audio", /0\.18 s of 1\.90 s/, { start: 0, end: 1 });
});

for (const name of ["clip.flac", "clip.opus", "clip_f32.wav"]) {
  Deno.test(`decodeAudio() takes an end just past the end of ${name} for its end`, () => {
    const whole = decodeAudio(formatFile(name));
    const clip = decodeAudio(formatFile(name), { end: whole.duration + 0.009 });
    assert.deepEqual(clip.pcm, whole.pcm);
  });

  Deno.test(`decodeAudio() throws for a segment that leaves ${name}, with both ends`, () => {
    const path = formatFile(name);
    const past = /: the segment ends at 1\.92 s, but the audio ends at 1\.90 s$/;
    assertFails(path, "bad_segment", past, { start: 1, end: 1.92 });
    const beyond = /: the segment starts at 2 s, but the audio ends at 1\.90 s$/;
    assertFails(path, "bad_segment", beyond, { start: 2 });
  });
}

Deno.test("decodeAudio() throws for a segment that is none", () => {
  const path = formatFile("clip.flac");
  const fails = (start: number, end: number, words: RegExp) =>
    assertFails(path, "bad_segment", words, { start, end });
  fails(1, 1, /: the segment starts at 1 s and ends at 1 s$/);
  fails(1.5, 1, /: the segment starts at 1\.5 s and ends at 1 s$/);
  fails(-1, 1, /is not made of times in seconds from 0 on$/);
  fails(NaN, 1, /is not made of times/);
  fails(0, Infinity, /is not made of times/);
  fails(1, 1.00001, /holds no sample at 22050 Hz$/);
});

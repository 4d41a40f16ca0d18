import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { assertFails, formatFile, largestDifference, madeFile } from "./support.ts";

interface Expected {
  readonly channels: number;
  readonly samples: number;
  /** Of the mono PCM, for codecs that decode to integers. */
  readonly sha256?: string;
  /** The mono PCM itself, for the others. */
  readonly file?: string;
}

const FIXTURES = new URL("../fixtures/formats/", import.meta.url);
const EXPECTED: Record<string, Expected> = JSON.parse(
  Deno.readTextFileSync(new URL("expected.json", FIXTURES)),
);

/**
 * The FFmpeg that made the fixtures, 5.1, does not heed the end of the edit list in an MP4 file:
 * it gives the encoder's padding too.
 */
const PADDED: Record<string, number> = { "clip.m4a": 41873 };

function expectedPcm(file: string): Float32Array {
  const bytes = gunzipSync(Deno.readFileSync(new URL(file, FIXTURES)));
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function sha256(pcm: Float32Array<ArrayBuffer>): string {
  return createHash("sha256").update(new Uint8Array(pcm.buffer)).digest("hex");
}

for (const [name, { channels, samples, sha256: digest, file }] of Object.entries(EXPECTED)) {
  Deno.test(`decodeAudio() gives of ${name} what FFmpeg gives`, () => {
    const clip = decodeAudio(formatFile(name));
    assert.equal(clip.sourceChannels, channels);
    assert.equal(clip.sampleRate, clip.sourceSampleRate);
    assert.equal(clip.pcm.length, PADDED[name] ?? samples);
    assert.equal(clip.duration, clip.pcm.length / clip.sampleRate);
    if (digest !== undefined) assert.equal(sha256(clip.pcm), digest);
    if (file === undefined) return;
    const expected = expectedPcm(file).subarray(0, clip.pcm.length);
    assert(largestDifference(clip.pcm, expected) <= 1e-6);
  });
}

for (const name of ["clip.flac", "clip_f32.wav"]) {
  Deno.test(`decodeAudio() gives the samples of ${name} to the bit`, () => {
    const expected = Deno.readFileSync(formatFile("clip.expected.f32le"));
    const clip = decodeAudio(formatFile(name));
    assert.deepEqual(new Uint8Array(clip.pcm.buffer), expected);
    assert.equal(clip.sampleRate, 22050);
  });
}

Deno.test("decodeAudio() drops all of the delay that Opus in WebM declares", () => {
  const webm = decodeAudio(formatFile("clip.webm")).pcm;
  const flac = decodeAudio(formatFile("clip.flac"), { sampleRate: 48000 }).pcm;
  assert.equal(bestLag(webm, flac), 0);
});

Deno.test("decodeAudio() drops the delay and the padding that MP3 declares", () => {
  const mp3 = decodeAudio(formatFile("clip.mp3")).pcm;
  const flac = decodeAudio(formatFile("clip.flac")).pcm;
  assert.equal(mp3.length, flac.length);
  assert.equal(bestLag(mp3, flac), 0);
});

Deno.test("decodeAudio() takes the audio of a video, though it is shorter", () => {
  const clip = decodeAudio(madeFile("video.mkv"));
  assert.equal(clip.pcm.length, 91180);
});

Deno.test("decodeAudio() is not misled by a cover picture", () => {
  const clip = decodeAudio(madeFile("cover.mp3"));
  assert.deepEqual(clip.pcm, decodeAudio(formatFile("clip.mp3")).pcm);
});

Deno.test("decodeAudio() throws for a video without sound", () => {
  assertFails(madeFile("silent_video.mp4"), "not_audio", /it holds no audio stream$/);
});

Deno.test("decodeAudio() throws where a second Ogg stream has another rate", () => {
  assertFails(madeFile("chained.ogg"), "unsupported_audio", /reading fails at 1\.90 s/);
});

/** By how many samples `a` is late, by correlation of one second in the middle. */
function bestLag(a: Float32Array, b: Float32Array): number {
  const lags = Array.from({ length: 801 }, (_, index) => index - 400);
  const start = 10000;
  const score = (lag: number) => {
    let sum = 0;
    for (let index = start; index < start + 20000; index++) {
      sum += (a[index + lag] ?? 0) * (b[index] ?? 0);
    }
    return sum;
  };
  const scores = lags.map(score);
  return lags[scores.indexOf(Math.max(...scores))] ?? NaN;
}

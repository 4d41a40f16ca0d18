import { strict as assert } from "node:assert";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { resample } from "../../lib/audio/resample.ts";
import { assert as holds, constantFrom, integer, property } from "../../lib/npm/fast_check.ts";
import { formatFile, largestDifference, TemporaryFolder, tone } from "./support.ts";
import { fitTone, level } from "./tones.ts";
import { buildWav } from "./wav_builder.ts";

/** Parts of the lower Nyquist frequency. */
const PASS_BAND = [0.02, 0.25, 0.5, 0.75, 0.85, 0.91];
const STOP_BAND = [1.025, 1.03, 1.06, 1.1, 1.2, 1.4, 1.6, 1.8, 2.2, 2.6];

const FALLING = [[44100, 24000], [44100, 16000], [48000, 24000], [48000, 16000]] as const;
const RISING = [[22050, 24000], [16000, 24000], [8000, 24000]] as const;
/** Too many phases to tabulate: the filter is interpolated. */
const ODD = [[44056, 16000], [44099, 24000]] as const;

for (const [from, to] of [...FALLING, ...ODD, ...RISING]) {
  const nyquist = Math.min(from, to) / 2;
  Deno.test(`resample() keeps tones from ${from} to ${to} Hz at 120 dB SNR and level`, () => {
    for (const part of PASS_BAND) {
      const hertz = part * nyquist;
      const { snr, gain } = fitTone(
        resample(tone(hertz, from, from / 2), from, to),
        hertz,
        to,
        0.5,
      );
      assert(snr >= 120, `${hertz} Hz: SNR ${snr} dB`);
      assert(Math.abs(gain) < 0.001, `${hertz} Hz: gain ${gain} dB`);
    }
  });
}

for (const [from, to] of [...FALLING, ...ODD]) {
  Deno.test(`resample() rejects tones above the Nyquist frequency of ${to} Hz from ${from}`, () => {
    const audible = STOP_BAND.map((part) => part * to / 2).filter((hertz) => hertz < from / 2);
    for (const hertz of audible) {
      const rest = level(resample(tone(hertz, from, from / 2), from, to), 0.5);
      assert(rest <= -100, `${hertz} Hz: ${rest} dB`);
    }
  });
}

const rates = constantFrom(8000, 11025, 16000, 22050, 24000, 32000, 44100, 44056, 48000, 96000);

Deno.test("resample() gives ceil(length * to / from) samples, from a single one on", () => {
  holds(
    property(rates, rates, integer({ min: 1, max: 3000 }), (from, to, length) => {
      const pcm = new Float32Array(length).fill(0.5);
      assert.equal(resample(pcm, from, to).length, Math.ceil(length * to / from));
    }),
    { numRuns: 60 },
  );
});

Deno.test("resample() takes a clip to be silent before its beginning and after its end", () => {
  holds(
    property(
      constantFrom(...FALLING, ...RISING),
      integer({ min: 1, max: 2000 }),
      (pair, length) => {
        const [from, to] = pair;
        const clip = tone(440, from, length);
        const padded = new Float32Array(from + length + from);
        padded.set(clip, from);
        const within = resample(padded, from, to).subarray(to, to + Math.ceil(length * to / from));
        assert(largestDifference(resample(clip, from, to), within) < 1e-6);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("resample() delays nothing", () => {
  const pcm = new Float32Array(44100);
  pcm[14700] = 1;
  const result = resample(pcm, 44100, 24000);
  assert.equal(result.indexOf(result.reduce((a, b) => Math.max(a, b))), 8000);
});

Deno.test("resample() gives back the same samples for the same rate", () => {
  const pcm = tone(440, 16000, 100);
  assert.equal(resample(pcm, 16000, 16000), pcm);
});

Deno.test("decodeAudio() resamples WAV and FLAC alike", () => {
  for (const sampleRate of [16000, 24000, 48000]) {
    const wav = decodeAudio(formatFile("clip_f32.wav"), { sampleRate });
    const flac = decodeAudio(formatFile("clip.flac"), { sampleRate });
    assert.deepEqual(wav.pcm, flac.pcm);
    assert.equal(wav.sampleRate, sampleRate);
    assert.equal(wav.sourceSampleRate, 22050);
  }
});

Deno.test("decodeAudio() resamples by resample(), with all of its quality", () => {
  using folder = new TemporaryFolder();
  const pcm = tone(1000, 44100, 44100);
  const data = new Uint8Array(pcm.buffer);
  const recipe = { tag: 3, bits: 32, channels: 1, sampleRate: 44100, data };
  const clip = decodeAudio(folder.write("tone.wav", buildWav(recipe)), { sampleRate: 24000 });
  assert.deepEqual(clip.pcm, resample(pcm, 44100, 24000));
  assert.equal(clip.pcm.length, 24000);
});

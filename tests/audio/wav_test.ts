import { strict as assert } from "node:assert";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { encodeWav } from "../../lib/audio/wav.ts";
import {
  array,
  assert as holds,
  constantFrom,
  double,
  integer,
  property,
} from "../../lib/npm/fast_check.ts";
import { TemporaryFolder } from "./support.ts";
import { buildWav, chunk } from "./wav_builder.ts";

interface Encoding {
  readonly tag: number;
  readonly bits: number;
  /** Writes a value and gives back what should be read. */
  readonly put: (view: DataView, offset: number, value: number) => number;
}

/** The nearest integer that fits, and the value it stands for. */
function quantise(value: number, bits: number): [number, number] {
  const full = 2 ** (bits - 1);
  const code = Math.max(-full, Math.min(full - 1, Math.round(value * full)));
  return [code, code / full];
}

const ENCODINGS: readonly Encoding[] = [
  {
    tag: 1,
    bits: 8,
    put: (view, offset, value) => {
      const [code, stored] = quantise(value, 8);
      view.setUint8(offset, code + 128);
      return stored;
    },
  },
  {
    tag: 1,
    bits: 16,
    put: (view, offset, value) => {
      const [code, stored] = quantise(value, 16);
      view.setInt16(offset, code, true);
      return stored;
    },
  },
  {
    tag: 1,
    bits: 24,
    put: (view, offset, value) => {
      const [code, stored] = quantise(value, 24);
      view.setUint16(offset, code & 0xffff, true);
      view.setInt8(offset + 2, code >> 16);
      return stored;
    },
  },
  {
    tag: 1,
    bits: 32,
    put: (view, offset, value) => {
      const [code, stored] = quantise(value, 32);
      view.setInt32(offset, code, true);
      return stored;
    },
  },
  {
    tag: 3,
    bits: 32,
    put: (view, offset, value) => {
      view.setFloat32(offset, value, true);
      return Math.fround(value);
    },
  },
  {
    tag: 3,
    bits: 64,
    put: (view, offset, value) => {
      view.setFloat64(offset, value, true);
      return value;
    },
  },
];

const level = double({ min: -1, max: 1, noNaN: true });

Deno.test("decodeAudio() reads WAV of any depth and number of channels to the bit", () => {
  using folder = new TemporaryFolder();
  const shape = { channels: integer({ min: 1, max: 9 }), odd: constantFrom(true, false) };
  holds(
    property(
      constantFrom(...ENCODINGS),
      shape.channels,
      shape.odd,
      array(level, { minLength: 9, maxLength: 200 }),
      (encoding, channels, extensible, values) => {
        const { tag, bits, put } = encoding;
        const length = Math.floor(values.length / channels);
        const data = new Uint8Array(length * channels * bits / 8);
        const view = new DataView(data.buffer);
        const stored = values.slice(0, length * channels)
          .map((value, index) => put(view, index * bits / 8, value));
        const expected = Float32Array.from({ length }, (_, index) => {
          const frame = stored.slice(index * channels, (index + 1) * channels);
          return frame.reduce((sum, value) => sum + value, 0) / channels;
        });
        const list = chunk("LIST", new Uint8Array(extensible ? 5 : 5000));
        const wav = buildWav({
          ...{ tag, bits, channels, sampleRate: 16000, data, extensible },
          before: [list],
          after: [chunk("LIST", new Uint8Array(3))],
        });
        const clip = decodeAudio(folder.write("any.wav", wav));
        assert.equal(clip.sourceChannels, channels);
        assert.deepEqual(plusZero(clip.pcm), plusZero(expected));
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("decodeAudio() reads a WAV that is longer than one block", () => {
  using folder = new TemporaryFolder();
  const pcm = Float32Array.from({ length: 150001 }, (_, index) => (index % 65536 - 32768) / 32768);
  const clip = decodeAudio(folder.write("long.wav", encodeWav(pcm, 48000)));
  assert.deepEqual(clip.pcm, pcm);
});

Deno.test("encodeWav() rounds to the nearest step and clips", () => {
  using folder = new TemporaryFolder();
  const step = 1 / 32768;
  const pcm = Float32Array.of(0, step, 0.4 * step, 0.6 * step, -0.6 * step, 0.5, 1, -1, 2, -2);
  const clip = decodeAudio(folder.write("a.wav", encodeWav(pcm, 24000)));
  const top = 1 - step;
  const expected = Float32Array.of(0, step, 0, step, -step, 0.5, top, -1, top, -1);
  assert.deepEqual(clip.pcm, expected);
  assert.equal(clip.sampleRate, 24000);
});

Deno.test("encodeWav() treats both signs alike", () => {
  holds(property(level, (value) => {
    const [plus, minus] = new Int16Array(
      encodeWav(Float32Array.of(value, -value), 8000).buffer,
      44,
    );
    assert(Math.abs((plus ?? NaN) + (minus ?? NaN)) <= (Math.abs(value) > 0.9999 ? 1 : 0));
  }));
});

Deno.test("encodeWav() gives back to half a step whatever it was given", () => {
  using folder = new TemporaryFolder();
  holds(
    property(array(level, { minLength: 1, maxLength: 100 }), (values) => {
      const pcm = Float32Array.from(values);
      const clip = decodeAudio(folder.write("b.wav", encodeWav(pcm, 16000)));
      clip.pcm.forEach((value, index) => {
        const clipped = Math.min(pcm[index] ?? NaN, 1 - 1 / 32768);
        assert(Math.abs(value - clipped) <= 0.5 / 32768);
      });
    }),
    { numRuns: 40 },
  );
});

Deno.test("encodeWav() throws for what a WAV file cannot hold", () => {
  assert.throws(() => encodeWav(Float32Array.of(0, NaN), 16000), /sample 1 is NaN$/);
  assert.throws(() => encodeWav(Float32Array.of(0), 0), /0 Hz is not a positive whole number$/);
});

/** Zeros of either sign are the same sound. */
function plusZero(pcm: Float32Array): Float32Array {
  return pcm.map((value) => value + 0);
}

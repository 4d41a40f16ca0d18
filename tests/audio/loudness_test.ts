import assert from "node:assert/strict";
import { changeLoudness, integratedLoudness, loudnessChange } from "../../lib/audio/loudness.ts";
import { chunkedClip, type ChunkedGolden } from "../support/chunked.ts";
import { readGolden } from "../support/golden.ts";

for (const [name, rate] of [["16khz", 16_000], ["24khz", 24_000], ["44khz", 44_100]] as const) {
  Deno.test(`integratedLoudness() measures clips of ${rate} Hz as audiotools does`, async () => {
    const { chunked } = await readGolden(`dac/narrow_${name}`) as ChunkedGolden;
    for (const test of chunked) {
      const difference = integratedLoudness(chunkedClip(test), rate) - test.loudness;
      assert.ok(Math.abs(difference) < 1e-5, `${test.samples} samples: ${difference}`);
    }
  });
}

function tone(samples: number, amplitude: number): Float32Array {
  return Float32Array.from(
    { length: samples },
    (_, i) => amplitude * Math.sin(2 * Math.PI * 997 * i / 48_000),
  );
}

Deno.test("integratedLoudness() is that of the standard for its tone", () => {
  // ITU-R BS.1770-4, annex 1: 0 dB FS of 997 Hz in one channel are -3.01 LKFS.
  assert.ok(Math.abs(integratedLoudness(tone(96_000, 1), 48_000) + 3.01) < 0.05);
  assert.ok(Math.abs(integratedLoudness(tone(96_000, 0.1), 48_000) + 23.01) < 0.05);
});

Deno.test("integratedLoudness() takes no account of silence around speech", () => {
  const padded = new Float32Array(480_000);
  padded.set(tone(96_000, 0.3), 192_000);
  const difference = integratedLoudness(padded, 48_000) -
    integratedLoudness(tone(96_000, 0.3), 48_000);
  assert.ok(Math.abs(difference) < 1, `${difference}`);
});

Deno.test("integratedLoudness() of silence is -70", () => {
  assert.equal(integratedLoudness(new Float32Array(1), 16_000), -70);
  assert.equal(integratedLoudness(new Float32Array(50_000), 16_000), -70);
});

Deno.test("changeLoudness() makes a clip as loud as asked", () => {
  const pcm = tone(96_000, 0.02);
  changeLoudness(pcm, loudnessChange(pcm, 48_000, -16));
  assert.ok(Math.abs(integratedLoudness(pcm, 48_000) + 16) < 1e-4);
});

Deno.test("changeLoudness() takes no sample beyond ±1", () => {
  const pcm = new Float32Array(96_000);
  pcm.set([0.5, -0.5], 48_000);
  const change = loudnessChange(pcm, 48_000, -16);
  assert.ok(change.reduction < 1);
  changeLoudness(pcm, change);
  assert.equal(Math.max(...pcm.subarray(48_000, 48_002).map(Math.abs)), 1);
});

import { strict as assert } from "node:assert";
import { MemorySource } from "../../lib/audio/byte_source.ts";
import { readWavHeader, type WavHeader } from "../../lib/audio/wav_header.ts";
import { assert as holds, integer, property, uint8Array } from "../../lib/npm/fast_check.ts";
import { buildWav, chunk, type WavRecipe } from "./wav_builder.ts";

const RECIPE: WavRecipe = {
  ...{ tag: 1, bits: 16, channels: 2, sampleRate: 16000 },
  data: new Uint8Array(6400),
};

function header(recipe: Partial<WavRecipe>): WavHeader {
  const result = readWavHeader(new MemorySource(buildWav({ ...RECIPE, ...recipe })));
  if (result.kind === "fault") throw new Error(result.fault.state);
  return result;
}

function fault(bytes: Uint8Array<ArrayBuffer>): string {
  const result = readWavHeader(new MemorySource(bytes));
  return result.kind === "fault" ? `${result.fault.reason}: ${result.fault.state}` : "none";
}

Deno.test("readWavHeader() reads a plain header", () => {
  assert.deepEqual(header({}), {
    kind: "audio",
    encoding: "s16",
    sampleRate: 16000,
    channels: 2,
    frameSize: 4,
    dataOffset: 44,
    dataSize: 6400,
    sizeDeclared: true,
  });
});

Deno.test("readWavHeader() reads to the end of a stream whose writer left the size open", () => {
  for (const declaredSize of [0, 0x7ffff000, 0x7fffffff, 0xffffffff, 0xfffffff0]) {
    const { dataSize, sizeDeclared } = header({ declaredSize });
    assert.deepEqual({ dataSize, sizeDeclared }, { dataSize: 6400, sizeDeclared: false });
  }
});

Deno.test("readWavHeader() believes a size of 0 that well-formed chunks follow", () => {
  const list = chunk("LIST", new Uint8Array(100));
  const bytes = buildWav({ ...RECIPE, data: new Uint8Array(0), after: [list] });
  assert.equal(fault(bytes), "no_samples: the WAV file holds no samples");
});

Deno.test("readWavHeader() names both lengths of a file that is too short", () => {
  const bytes = buildWav({ ...RECIPE, declaredSize: 64000 });
  assert.equal(fault(bytes), "truncated_audio: the stream ends at 0.10 s of 1.00 s");
});

Deno.test("readWavHeader() reads 64-bit sizes, and believes them", () => {
  const { dataSize, sizeDeclared } = header({ longSize: 6000 });
  assert.deepEqual({ dataSize, sizeDeclared }, { dataSize: 6000, sizeDeclared: true });
  const short = buildWav({ ...RECIPE, longSize: 64000 * 2 ** 20 });
  assert.match(fault(short), /^truncated_audio: the stream ends at 0\.10 s of 1048576\.00 s$/);
});

Deno.test("readWavHeader() leaves other codecs to FFmpeg", () => {
  assert.equal(header({ tag: 7, bits: 8 }).encoding, null);
  assert.equal(header({ tag: 0x55, bits: 0 }).encoding, null);
  assert.equal(header({ tag: 1, bits: 12 }).encoding, null);
  assert.equal(header({ extensible: true }).encoding, "s16");
  assert.equal(header({ extensible: true, tag: 7, bits: 8 }).encoding, null);
});

Deno.test("readWavHeader() names what a damaged header lacks", () => {
  const noFormat = "corrupt_audio: the WAV header describes no sample format";
  assert.equal(fault(buildWav(RECIPE).slice(0, 12)), noFormat);
  assert.equal(fault(buildWav(RECIPE).slice(0, 36)), "no_samples: the WAV file holds no samples");
  assert.match(fault(buildWav({ ...RECIPE, sampleRate: 0 })), /^bad_sample_rate: .* 0 Hz/);
  assert.match(fault(buildWav({ ...RECIPE, sampleRate: 4e9 })), /^bad_sample_rate: /);
  const channels = "corrupt_audio: the WAV header declares 0 channels";
  assert.equal(fault(buildWav({ ...RECIPE, channels: 0 })), channels);
});

Deno.test("readWavHeader() reads or refuses any bytes, and never claims more than there are", () => {
  const whole = buildWav(RECIPE);
  holds(
    property(uint8Array({ maxLength: 8 }), integer({ min: 8, max: 48 }), (noise, offset) => {
      const bytes = whole.slice();
      bytes.set(noise, offset);
      const result = readWavHeader(new MemorySource(bytes));
      if (result.kind === "fault") return;
      assert(result.dataSize > 0);
      assert(result.dataOffset + result.dataSize <= bytes.length);
    }),
    { numRuns: 500 },
  );
});

import { strict as assert } from "node:assert";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { assertFails, formatFile, madeFile, TemporaryFolder } from "./support.ts";

/** A part of a file, from its beginning. */
function cut(bytes: Uint8Array, part: number): Uint8Array {
  return bytes.slice(0, Math.floor(bytes.length * part));
}

/** A file without a part of its middle. */
function hollow(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const kept = [cut(bytes, from), bytes.slice(Math.floor(bytes.length * to))];
  return Uint8Array.from(kept.flatMap((part) => [...part]));
}

/** A file with one byte changed. */
function flip(bytes: Uint8Array, part: number): Uint8Array {
  const changed = bytes.slice();
  changed[Math.floor(bytes.length * part)]! ^= 0x55;
  return changed;
}

const DECLARING = [
  formatFile("clip.flac"),
  formatFile("clip.mp3"),
  formatFile("clip.webm"),
  formatFile("clip_s24_stereo_44k.wav"),
  madeFile("faststart.m4a"),
];

for (const path of DECLARING) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  Deno.test(`decodeAudio() throws for half of ${name}, with both lengths`, () => {
    using folder = new TemporaryFolder();
    for (const part of [0.5, 0.9]) {
      const damaged = folder.write(name, cut(Deno.readFileSync(path), part));
      assertFails(damaged, "truncated_audio", /: the stream ends at [01]\.\d\d s of 1\.9\d s$/);
    }
  });
}

for (const name of ["clip.ogg", "clip.opus"]) {
  const whole = Deno.readFileSync(formatFile(name));
  Deno.test(`decodeAudio() throws for half of ${name}, though Ogg declares no length`, () => {
    using folder = new TemporaryFolder();
    const damaged = folder.write(name, cut(whole, 0.6));
    assertFails(damaged, "truncated_audio", /: the file ends inside page \d of the Ogg stream$/);
  });

  Deno.test(`decodeAudio() throws for ${name} with one changed byte, by the page's checksum`, () => {
    using folder = new TemporaryFolder();
    const words = /: page \d of the Ogg stream is damaged or missing$/;
    assertFails(folder.write(name, flip(whole, 0.7)), "corrupt_audio", words);
  });
}

Deno.test("decodeAudio() throws for a WAV of µ-law that lacks its end, in bytes", () => {
  using folder = new TemporaryFolder();
  const half = cut(Deno.readFileSync(formatFile("clip_mulaw_8k.wav")), 0.5);
  const words = /: the file ends after 7\d{3} of 15197 bytes of audio$/;
  assertFails(folder.write("half.wav", half), "truncated_audio", words);
});

Deno.test("decodeAudio() throws for FLAC that is damaged in the middle", () => {
  using folder = new TemporaryFolder();
  const whole = Deno.readFileSync(formatFile("clip.flac"));
  for (const bytes of [flip(whole, 0.7), hollow(whole, 0.5, 0.55)]) {
    const path = folder.write("damaged.flac", bytes);
    assertFails(path, "corrupt_audio", /: decoding fails at [01]\.\d\d s: Invalid data/);
  }
});

Deno.test("decodeAudio() throws for FLAC whose header declares one sample more", () => {
  using folder = new TemporaryFolder();
  const bytes = Deno.readFileSync(formatFile("clip.flac"));
  bytes[25]! += 1;
  assertFails(folder.write("more.flac", bytes), "truncated_audio", /1\.90 s of 1\.90 s$/);
});

Deno.test("decodeAudio() throws for MP3 that lacks a part of its middle", () => {
  using folder = new TemporaryFolder();
  const bytes = hollow(Deno.readFileSync(formatFile("clip.mp3")), 0.5, 0.56);
  assertFails(folder.write("hollow.mp3", bytes), "corrupt_audio", /: decoding fails at 0\.\d\d s/);
});

Deno.test("decodeAudio() names the container whose header is lost", () => {
  using folder = new TemporaryFolder();
  const half = cut(Deno.readFileSync(formatFile("clip.m4a")), 0.5);
  const words = /: it begins like MP4, but its header cannot be read$/;
  assertFails(folder.write("half.m4a", half), "corrupt_audio", words);
});

Deno.test("decodeAudio() takes no harm from what follows the last sample", () => {
  using folder = new TemporaryFolder();
  for (const name of ["clip.flac", "clip.mp3", "clip.opus", "clip_f32.wav"]) {
    const bytes = Deno.readFileSync(formatFile(name));
    const longer = new Uint8Array(bytes.length + 200).fill(65);
    longer.set(bytes);
    const { pcm } = decodeAudio(folder.write(name, longer));
    assert.deepEqual(pcm, decodeAudio(formatFile(name)).pcm, name);
  }
});

Deno.test("decodeAudio() survives a byte changed anywhere", () => {
  using folder = new TemporaryFolder();
  for (const name of ["clip.flac", "clip.mp3", "clip.opus", "clip.webm", "clip.m4a"]) {
    const bytes = Deno.readFileSync(formatFile(name));
    for (let step = 0; step < 12; step++) {
      const path = folder.write(name, flip(bytes, step < 6 ? step / 500 : step / 12));
      try {
        assert(decodeAudio(path).pcm.every(Number.isFinite));
      } catch (error) {
        assert.match(String(error), /SampleError: Cannot decode '/);
      }
    }
  }
});

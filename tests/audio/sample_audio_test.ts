import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { type AudioPart, writePart } from "../../lib/audio/part.ts";
import { SampleAudio, type StoredAudio } from "../../lib/audio/sample_audio.ts";
import { type FailureReason, SampleError } from "../../lib/errors.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { badFile, formatFile, madeFile, speechFile, TemporaryFolder } from "./support.ts";

const RATE = 16_000;
const FILES = [formatFile("."), badFile("."), madeFile(".")].flatMap((folder) =>
  [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name))
);

function stored(audio: string, part: AudioPart | null, rest: Partial<StoredAudio> = {}) {
  const none = { start: null, end: null, size: null, mtime: null };
  return { id: "utt_1", audio, part: part === null ? null : writePart(part), ...none, ...rest };
}

interface Row {
  readonly bytes: Uint8Array | null;
  readonly path: string | null;
}

/** Writes structs as `datasets` does. */
function parquetOf(folder: TemporaryFolder, rows: readonly Row[]): string {
  const schema = [
    { name: "root", num_children: 1 },
    { name: "audio", num_children: 2, repetition_type: "OPTIONAL" as const },
    { name: "bytes", type: "BYTE_ARRAY" as const, repetition_type: "OPTIONAL" as const },
    {
      ...{ name: "path", type: "BYTE_ARRAY" as const, repetition_type: "OPTIONAL" as const },
      converted_type: "UTF8" as const,
    },
  ];
  const columnData = [{ name: "audio", data: [...rows] }];
  const bytes = parquetWriteBuffer({ schema, columnData, rowGroupSize: 4 });
  return folder.write("clips.parquet", new Uint8Array(bytes));
}

const cell = (row: number): AudioPart => ({ kind: "parquet", row, column: "audio" });

/** The samples of a clip, or what is wrong with it. */
function outcomeOf(decode: () => { readonly pcm: Float32Array }): unknown {
  try {
    return decode().pcm;
  } catch (error) {
    assert.ok(error instanceof SampleError, String(error));
    return { reason: error.reason, state: error.message.replace(/^Cannot decode .*?': /, "") };
  }
}

Deno.test("SampleAudio gives of bytes in a Parquet file what it gives of a file, whatever they are", () => {
  using folder = new TemporaryFolder();
  using audio = new SampleAudio();
  const rows = FILES.map((path) => ({ bytes: Deno.readFileSync(path), path: basename(path) }));
  const container = parquetOf(folder, rows);
  for (const [row, path] of FILES.entries()) {
    const alone = outcomeOf(() => decodeAudio(path, { sampleRate: RATE }));
    const within = outcomeOf(() => audio.read(stored(container, cell(row)), RATE));
    if (!path.endsWith("empty.wav")) assert.deepEqual(stripped(within), alone, path);
  }
});

Deno.test("SampleAudio gives of a range of a file what it gives of a file, segments too", () => {
  using folder = new TemporaryFolder();
  using audio = new SampleAudio();
  const contents = FILES.map((path) => Deno.readFileSync(path));
  const container = folder.write("clips.tar", concatenated(contents));
  let offset = 7;
  for (const [i, path] of FILES.entries()) {
    const size = contents[i]?.length ?? 0;
    const part: AudioPart = { kind: "range", offset, size, name: `a/${basename(path)}` };
    for (const segment of [{}, { start: 0.01, end: 0.04 }]) {
      const alone = outcomeOf(() => decodeAudio(path, { sampleRate: RATE, ...segment }));
      const within = outcomeOf(() => audio.read(stored(container, part, segment), RATE));
      if (size > 0) assert.deepEqual(stripped(within), alone, path);
    }
    offset += size;
  }
});

/** Without the container, which follows the name of a member. */
function stripped(outcome: unknown): unknown {
  if (outcome instanceof Float32Array) return outcome;
  const { reason, state } = outcome as { reason: string; state: string };
  return { reason, state: state.replace(/^Cannot decode '.*' row \d+: /, "") };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  // Odd, so that no sample of 16 bits or more is aligned.
  const gap = new Uint8Array(7).fill(255);
  return new Uint8Array([gap, ...parts].flatMap((part) => [...part]));
}

function assertFails(
  audio: SampleAudio,
  sample: StoredAudio,
  reason: FailureReason,
  message: string | RegExp,
): void {
  assert.throws(() => audio.read(sample, RATE), (error) => {
    assert.ok(error instanceof SampleError, String(error));
    assert.equal(error.reason, reason);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

const CUT = Deno.readFileSync(formatFile("clip.flac")).subarray(0, 9000);

Deno.test("SampleAudio names the container and the place in it, never its own file", () => {
  using folder = new TemporaryFolder();
  using audio = new SampleAudio();
  const rows = [{ bytes: CUT, path: "a.flac" }, { bytes: new Uint8Array(), path: "b.flac" }];
  const container = parquetOf(folder, rows);
  const cut = /^Cannot decode '.*clips\.parquet' row 0: the stream ends at \d.\d\d s of 1.90 s$/;
  assertFails(audio, stored(container, cell(0)), "truncated_audio", cut);
  const empty = `Cannot decode '${container}' row 1: it is empty`;
  assertFails(audio, stored(container, cell(1)), "empty_file", empty);

  const tar = folder.write("clips.tar", CUT);
  const part = { kind: "range", offset: 0, size: CUT.length, name: "b/a.flac" } as const;
  const inTar = /^Cannot decode 'b\/a\.flac' in '.*clips\.tar': the stream ends at/;
  assertFails(audio, stored(tar, part), "truncated_audio", inTar);
  const nameless = /^Cannot decode '.*clips\.tar' at byte 0: the stream ends at/;
  assertFails(audio, stored(tar, { ...part, name: null }), "truncated_audio", nameless);
  const beyond = stored(tar, { ...part, offset: 10 });
  assertFails(audio, beyond, "truncated_audio", /: it ends at byte 9010, but the file at 9000$/);
  assertFails(audio, stored(tar, { ...part, size: 0 }), "empty_file", /: it is empty$/);
});

Deno.test("SampleAudio opens no file that a row of a Parquet file names", () => {
  using folder = new TemporaryFolder();
  using audio = new SampleAudio();
  folder.write("near.flac", Deno.readFileSync(formatFile("clip.flac")));
  const paths = ["near.flac", formatFile("clip.flac"), "https://host/a.flac", null];
  const container = parquetOf(folder, paths.map((path) => ({ bytes: null, path })));
  for (const row of paths.keys()) {
    const nothing = `Cannot decode '${container}' row ${row}: its column 'audio' holds no bytes`;
    assertFails(audio, stored(container, cell(row)), "no_audio", nothing);
  }
});

Deno.test("SampleAudio refuses containers that are gone, changed or damaged", () => {
  using folder = new TemporaryFolder();
  using audio = new SampleAudio();
  const container = parquetOf(folder, [{ bytes: CUT, path: null }]);
  const size = Deno.statSync(container).size;
  assertFails(
    ...[audio, stored(container, cell(0), { size: size + 1, mtime: 0 }), "input_changed"] as const,
    /^Cannot encode sample 'utt_1': '.*clips\.parquet' had \d+ bytes when it was planned/,
  );
  const gone = stored("/no/such.parquet", cell(3));
  const message = "Cannot decode '/no/such.parquet' row 3: there is no such file";
  assertFails(audio, gone, "missing_file", message);
  assertFails(audio, stored(container, cell(9)), "corrupt_audio", /row 9: the file has 1 rows$/);
  const text = folder.write("text.parquet", new TextEncoder().encode("no Parquet at all"));
  assertFails(audio, stored(text, cell(0)), "corrupt_audio", /footer != PAR1/);
  assertFails(audio, { ...stored(text, null), audio: null }, "no_audio", /text but no audio$/);
});

Deno.test("SampleAudio leaves nothing in the folder for temporary files, and no WAV ever", () => {
  using folder = new TemporaryFolder();
  using audio = new SampleAudio(folder.path);
  const clips = [
    badFile("silence.wav"),
    ...["a.flac", "b", "c.mp3"].map(() => speechFile("jfk.flac")),
  ];
  const names = ["silence.wav", "a.flac", "b", "c.mp3"];
  const rows = clips.map((path, i) => ({
    bytes: Deno.readFileSync(path),
    path: names[i] ?? null,
  }));
  const container = parquetOf(folder, rows);
  const files = () => [...Deno.readDirSync(folder.path)].filter(({ isDirectory }) => isDirectory);
  audio.read(stored(container, cell(0)), RATE);
  assert.equal(files().length, 0);
  for (const [row, name] of ["clip.flac", "clip", "clip.mp3"].entries()) {
    audio.read(stored(container, cell(row + 1)), RATE);
    const [scratch] = files();
    const held = [...Deno.readDirSync(join(folder.path, scratch?.name ?? ""))];
    assert.deepEqual(held.map((file) => file.name), [name]);
  }
  audio[Symbol.dispose]();
  assert.equal(files().length, 0);
});

Deno.test("SampleAudio leaves nothing of a longer clip behind a shorter one", () => {
  using folder = new TemporaryFolder();
  using audio = new SampleAudio(folder.path);
  const clips = [speechFile("jfk.flac"), formatFile("clip.flac")];
  const rows = clips.map((path) => ({ bytes: Deno.readFileSync(path), path: "a.flac" }));
  const container = parquetOf(folder, rows);
  for (const row of [0, 1]) audio.read(stored(container, cell(row)), RATE);
  const [scratch] = [...Deno.readDirSync(folder.path)].filter(({ isDirectory }) => isDirectory);
  const held = Deno.readFileSync(join(folder.path, scratch?.name ?? "", "clip.flac"));
  assert.deepEqual(held, rows[1]?.bytes);
});

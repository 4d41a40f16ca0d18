import assert from "node:assert/strict";
import { SpeechmillError, UsageError } from "../../lib/errors.ts";
import fc from "../../lib/npm/fast_check.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { pagesRange } from "../../lib/parquet/ranges.ts";
import type { RowOptions } from "../../lib/sources/dataset.ts";
import { parquetSource } from "../../lib/sources/parquet.ts";
import { localParquet, type ParquetInput } from "../../lib/sources/parquet_input.ts";
import { fixtureBytes, fixturePath, memoryBuffer, openFixture } from "../parquet/fixture.ts";
import { Fixture, itemsIn, samplesIn, summaryOf } from "./fixture.ts";

const ROWS: RowOptions = { columns: null, where: {}, idPrefix: "set", audioRoot: [] };

/** A remote file, of which row groups are brought one by one. */
function remote(bytes: Uint8Array<ArrayBuffer>, name = "remote.parquet") {
  const { buffer, reads } = memoryBuffer(bytes);
  const input: ParquetInput = {
    name,
    folder: null,
    isDeferred: true,
    audioPath: (rowGroup) => `/cache/blocks/${name}/${rowGroup}.parquet`,
    open: () => Promise.resolve(buffer),
    fingerprint: () => Promise.resolve({ path: name, sha256: "0" }),
  };
  return { input, reads };
}

function source(files: readonly ParquetInput[], rows: Partial<RowOptions> = {}) {
  return parquetSource({ files, label: "here", rows: { ...ROWS, ...rows } });
}

function fixtureSource(name: string, rows: Partial<RowOptions> = {}) {
  return source([localParquet(fixturePath(name))], rows);
}

/** A Parquet file with as many rows in each row group. */
function write(rowsOfGroups: readonly number[], audioBytes = 8): Uint8Array<ArrayBuffer> {
  const count = rowsOfGroups.reduce((sum, rows) => sum + rows, 0);
  const numbers = Array.from({ length: count }, (_, row) => row);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: "audio", data: numbers.map((row) => new Uint8Array(audioBytes).fill(row)) },
      { name: "text", data: numbers.map((row) => row % 3 === 2 ? null : `text ${row}`) },
    ],
    rowGroupSize: [...rowsOfGroups],
    codec: "UNCOMPRESSED",
  });
  return new Uint8Array(buffer);
}

Deno.test("parquetSource() lists every row that was written, whatever the row groups", async () => {
  const groups = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
  const files = fc.array(groups, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(files, async (files) => {
      const inputs = files.map((sizes, index) => remote(write(sizes), `${index}.parquet`).input);
      const samples = await samplesIn(source(inputs));
      const expected = files.flatMap((sizes, file) => {
        let row = 0;
        return sizes.flatMap((size, group) =>
          Array.from({ length: size }, () => [file, group, row++] as const)
        );
      });
      assert.deepEqual(
        samples.map(({ id, audio, part, text, place }) => [id, audio, part, text, place]),
        expected.map(([file, group, row], index) => [
          `set/${index}`,
          `/cache/blocks/${file}.parquet/${group}.parquet`,
          { kind: "parquet", row, column: "audio" },
          row % 3 === 2 ? null : `text ${row}`,
          `${file}.parquet row ${row}`,
        ]),
      );
      assert.ok(samples.every(({ isDeferred }) => isDeferred));
    }),
    { numRuns: 30 },
  );
});

Deno.test("parquetSource() reads no byte of the audio", async () => {
  const bytes = write([4, 4], 100_000);
  const { input, reads } = remote(bytes);
  assert.equal((await samplesIn(source([input]))).length, 8);
  const [footer, ...others] = reads;
  assert.equal(footer?.[1], bytes.length);
  assert.equal(others.length, 2);
  for (const [start, end] of others) assert.ok(end - start < 1000, `${start} to ${end}`);
});

Deno.test("parquetSource() takes bytes where a row has them, else its path, else text alone", async () => {
  const items = await itemsIn(fixtureSource("places.parquet"));
  const folder = fixturePath("").replace(/\/$/, "");
  const file = `${folder}/places.parquet`;
  const seen = items.map((item) =>
    item.kind === "sample"
      ? [item.sample.text, item.sample.audio, item.sample.part !== undefined]
      : item.kind === "reject"
      ? [item.place, item.detail]
      : []
  );
  assert.deepEqual(seen, [
    ["a", file, true],
    ["b", `${folder}/b.wav`, false],
    ["c", null, false],
    ["places.parquet row 3", "it has neither audio nor text"],
    ["e", file, true],
    ...["f", "g", "h", "i", "j"].map((text) => [text, `${folder}/clips/${text}.wav`, false]),
  ]);
});

Deno.test("parquetSource() reads no audio where only rows without any have null", async () => {
  const bytes = fixtureBytes("holes.parquet");
  const { metadata } = await openFixture("holes.parquet");
  const audio = metadata.row_groups[0]?.columns[0];
  const range = audio === undefined ? { start: 0, end: 0 } : pagesRange(audio);
  const { input, reads } = remote(bytes);
  // A short file is read whole for its footer.
  const open = async () => ({ ...await input.open(), footerBytes: 8 });
  const samples = await samplesIn(source([{ ...input, open }]));
  assert.deepEqual(samples.map(({ text, part }) => [text, part?.kind]), [
    ["a", "parquet"],
    ["b", undefined],
    ["c", "parquet"],
    ["d", undefined],
  ]);
  assert.ok(reads.every(([start, end]) => end <= range.start || start >= range.end), `${reads}`);
});

Deno.test("parquetSource() locates paths beside the file, then in the audio roots", async () => {
  using fixture = new Fixture({ "a.wav": "" });
  const rows = { columns: { audio: "file" }, audioRoot: [fixture.folder] };
  const samples = await samplesIn(fixtureSource("paths.parquet", rows));
  assert.deepEqual(samples.map(({ audio }) => audio), [
    fixture.path("a.wav"),
    "/data/b.wav",
    null,
  ]);
});

Deno.test("parquetSource() refuses addresses, and paths that no file lies at", async () => {
  const { input } = remote(fixtureBytes("paths.parquet"), "p.parquet");
  const summary = await summaryOf(source([input], { columns: { audio: "file" } }));
  assert.deepEqual(summary, [
    "reject p.parquet row 0: its audio is a path, and its file is not part of the rows: 'a.wav': " +
    "fetch the files and name their folder as audio_root",
    "set/1",
    "set/2",
    "reject p.parquet row 3: its audio is an address, not a file: 'https://host/d.wav'",
  ]);
});

Deno.test("parquetSource() rejects the rows of a damaged row group at once, and goes on", async () => {
  const summary = await summaryOf(fixtureSource("damaged.parquet"));
  assert.deepEqual(summary.map((line) => line.replace(/(damaged:).*/, "$1 …")), [
    "set/0",
    "reject damaged.parquet row 1: 'text' is not valid UTF-8",
    "set/2",
    "set/3",
    "reject damaged.parquet rows 4 to 7: Cannot read row group 1 of 'damaged.parquet': its pages " +
    "are damaged: …",
    "set/8",
    "set/9",
  ]);
});

Deno.test("parquetSource() ends where the network does: that is no damage", async () => {
  const { input } = remote(write([2, 2]));
  const error = new SpeechmillError("Cannot reach the Hub");
  const open = async () => {
    const buffer = await input.open();
    let reads = 0;
    const slice = (start: number, end?: number) => {
      if (reads++ > 1) throw error;
      return buffer.slice(start, end);
    };
    return { ...buffer, slice };
  };
  await assert.rejects(itemsIn(source([{ ...input, open }])), (thrown) => thrown === error);
});

Deno.test("parquetSource() counts rows that a filter leaves out; the others keep their numbers", async () => {
  const where = { speaker: "jackson" };
  const files = ["train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001"];
  const inputs = files.map((name) => localParquet(fixturePath(`dataset/data/${name}.parquet`)));
  assert.deepEqual(await summaryOf(source(inputs, { where })), [
    "set/1",
    "excluded 1",
    "excluded 2",
    "set/4",
  ]);
});

Deno.test("parquetSource() takes ids from a column, those that no double holds as well", async () => {
  const columns = { id: "big", text: "text" };
  const [first, second] = await samplesIn(fixtureSource("gzip.parquet", { columns }));
  assert.deepEqual([first?.id, second?.id], ["9223372036854775807", "9223372036854775806"]);
});

Deno.test("parquetSource() reads the audio of an undeclared row group, and of images none", async () => {
  const all = await samplesIn(fixtureSource("no_statistics.parquet"));
  assert.ok(all.every(({ part }) => part?.kind === "parquet"));
  const images = await samplesIn(fixtureSource("images.parquet"));
  assert.deepEqual(images.map(({ part }) => part?.kind === "parquet" && part.column), [
    "sound",
    false,
    "sound",
  ]);
});

Deno.test("parquetSource() refuses files whose columns differ, by name", async () => {
  const files = ["places.parquet", "images.parquet"].map((name) => localParquet(fixturePath(name)));
  await assert.rejects(itemsIn(source(files)), (error: Error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(
      error.message,
      "Cannot read 'images.parquet': its text is in no column, and that of 'places.parquet' in " +
        "'text': name a column that all files have, or list files that differ one at a time",
    );
    return true;
  });
  const columns = { text: "text" };
  await assert.rejects(
    itemsIn(source(files, { columns })),
    /^UsageError: Cannot read 'images\.parquet': column 'text' for 'text' does not exist: it has 'pi/,
  );
});

Deno.test("parquetSource() refuses an input without a row, and a file that is not there", async () => {
  await assert.rejects(
    itemsIn(source([])),
    /Cannot list 'here': it has no rows: fetch it again, or leave/,
  );
  const missing = source([localParquet("/none/a.parquet")]);
  await assert.rejects(itemsIn(missing), /Cannot read '\/none\/a\.parquet': no such file/);
});

Deno.test("fingerprint() of Parquet files changes with their size, time and footer", async () => {
  using fixture = new Fixture({ "a.parquet": write([2, 2]) });
  const path = fixture.path("a.parquet");
  const digest = async () => {
    Deno.utimeSync(path, time, time);
    const [file] = await source([localParquet(path)]).fingerprint();
    assert.equal(file?.path, path);
    return file?.sha256;
  };
  let time = 1000;
  const first = await digest();
  assert.equal(await digest(), first);
  Deno.writeFileSync(path, write([1, 3]));
  assert.notEqual(await digest(), first);
  Deno.writeFileSync(path, write([2, 2]));
  assert.equal(await digest(), first);
  time = 1001;
  assert.notEqual(await digest(), first);
});

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { UsageError } from "../../lib/errors.ts";
import { type ArrowFolderOptions, openArrowFolder } from "../../lib/sources/arrow.ts";
import { arrowColumns } from "../../lib/sources/arrow_columns.ts";
import { Fixture, itemsIn, samplesIn, summaryOf } from "./fixture.ts";

const FIXTURES = new URL("../fixtures/arrow/", import.meta.url).pathname;
const CLIPS = new URL("../data/fsdd/", import.meta.url).pathname;

function open(path: string, { rows, ...options }: OpenOptions = {}) {
  return openArrowFolder({
    path,
    rows: { columns: null, where: {}, idPrefix: "set", audioRoot: [], ...rows },
    ...options,
  });
}

interface OpenOptions extends Omit<Partial<ArrowFolderOptions>, "rows"> {
  readonly rows?: Partial<ArrowFolderOptions["rows"]>;
}

/** A copy of a fixture that may be changed. */
function copyOf(name: string): Fixture {
  const fixture = new Fixture();
  cpSync(FIXTURES + name, fixture.folder, { recursive: true });
  return fixture;
}

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => null, (error: unknown) => error);
  assert.ok(error instanceof UsageError, String(error));
  return error.message;
}

Deno.test("openArrowFolder() finds the audio of each row in the file", async () => {
  const samples = await samplesIn(await open(`${FIXTURES}speech`));
  assert.deepEqual(
    samples.map(({ id, text, speaker, duration, place }) => [id, text, speaker, duration, place]),
    [
      ["set/0", "Grüße 0_jackson_0.wav", "jackson", 0.5, "train/data-00000-of-00002.arrow row 0"],
      ["set/1", "Grüße 0_lucas_0.wav", "lucas", 0.5, "train/data-00000-of-00002.arrow row 1"],
      ["set/2", "Grüße 1_jackson_0.wav", "jackson", 0.5, "train/data-00000-of-00002.arrow row 2"],
      ["set/3", "Grüße 1_lucas_0.wav", "lucas", 0.5, "train/data-00001-of-00002.arrow row 0"],
      ["set/4", "text alone", null, null, "train/data-00001-of-00002.arrow row 1"],
    ],
  );
  for (const { audio, part } of samples.slice(0, 4)) {
    assert.ok(audio !== null && part?.kind === "range" && part.name !== null);
    const bytes = Deno.readFileSync(audio).slice(part.offset, part.offset + part.size);
    assert.deepEqual(bytes, Deno.readFileSync(CLIPS + part.name));
  }
  assert.deepEqual([samples[4]?.audio, samples[4]?.part], [null, undefined]);
});

Deno.test("openArrowFolder() opens the split that is named", async () => {
  const test = await open(`${FIXTURES}speech`, { split: "test", label: "inputs/speech" });
  assert.deepEqual((await samplesIn(test)).map(({ place }) => place), [
    "inputs/speech/test/data-00000-of-00001.arrow row 0",
    "inputs/speech/test/data-00000-of-00001.arrow row 1",
  ]);
  assert.equal(
    await reasonOf(open(`${FIXTURES}speech`, { split: "tset" })),
    `Cannot find split 'tset' of '${FIXTURES}speech': it has 'train', 'test', did you mean 'test'`,
  );
  using fixture = new Fixture({ "dataset_dict.json": '{"splits": ["a", "b"]}' });
  assert.equal(
    await reasonOf(open(fixture.folder)),
    `Cannot choose a split of '${fixture.folder}': it has 'a', 'b': name one as split`,
  );
});

Deno.test("openArrowFolder() opens a split by itself, if it is the one that is named", async () => {
  using fixture = copyOf("speech/train");
  const state = (split: string | null) => {
    const content: object = JSON.parse(Deno.readTextFileSync(fixture.path("state.json")));
    fixture.write("state.json", JSON.stringify({ ...content, _split: split }));
  };
  for (const split of [null, "train", "train[:10%]"]) {
    state(split);
    assert.equal((await samplesIn(await open(fixture.folder, { split: "train" }))).length, 5);
  }
  state("test");
  assert.match(await reasonOf(open(fixture.folder, { split: "train" })), /: it is 'test'$/);
});

Deno.test("openArrowFolder() reads its columns among those of every other kind", async () => {
  const rows = { columns: { start: "start", end: "end" } };
  const samples = await samplesIn(await open(`${FIXTURES}wide`, { rows }));
  assert.deepEqual(
    samples.map(({ id, text, speaker, start, end }) => [id, text, speaker, start, end]),
    [
      ["1152921504606846977", "eins", "1", 0.5, 1],
      ["1152921504606846978", "zwei", null, null, 2],
      ["3", null, "-3", 1.5, 3],
      ["4", "vier", "4", 2, null],
      ["5", "fünf", "5", 2.5, 5],
    ],
  );
  const file = Deno.readFileSync(`${FIXTURES}wide/data.arrow`);
  const audio = samples.map(({ part }) =>
    part?.kind === "range"
      ? new TextDecoder().decode(file.slice(part.offset, part.offset + part.size))
      : null
  );
  assert.deepEqual(audio, ["RIFF one", null, "", "RIFF four", "RIFF five"]);
});

Deno.test("openArrowFolder() takes the rows that a filter asks for, and counts the others", async () => {
  const rows = { where: { good: [true, null] } };
  assert.deepEqual(await summaryOf(await open(`${FIXTURES}wide`, { rows })), [
    "1152921504606846977",
    "excluded 1",
    "3",
    "4",
    "5",
  ]);
  const named = { where: { speaker: "lucas" } };
  assert.deepEqual(await summaryOf(await open(`${FIXTURES}speech`, { rows: named })), [
    "set/1",
    "excluded 2",
    "set/3",
    "excluded 1",
  ]);
});

Deno.test("openArrowFolder() locates audio that is a path, in the format for random access", async () => {
  const folder = `${FIXTURES}paths`;
  const items = await itemsIn(await open(folder));
  assert.deepEqual(
    items.map((item) => item.kind === "sample" ? item.sample.audio : item.kind),
    [`${folder}/a.wav`, "/b.wav", null, "reject"],
  );
});

Deno.test("openArrowFolder() throws for columns that do not exist, and lists those that do", async () => {
  const rows = { columns: { text: "txet" } };
  assert.equal(
    await reasonOf(open(`${FIXTURES}speech`, { rows })),
    `Cannot read '${FIXTURES}speech/train': column 'txet' for 'text' does not exist: ` +
      "it has 'number' (whole number), 'audio' (struct{bytes, path}), 'text' (text), " +
      "'speaker' (whole number with names), 'duration' (number), did you mean 'text'",
  );
});

Deno.test("openArrowFolder() throws for files that are packed", async () => {
  assert.match(
    await reasonOf(open(`${FIXTURES}packed`)),
    /data.arrow': its buffers are compressed: save it again with save_to_disk\(\)$/,
  );
});

Deno.test("openArrowFolder() throws for a folder that says nothing of its files, or wrong things", async () => {
  const states: readonly (readonly [string, RegExp])[] = [
    ["{", /state.json': it is not JSON: /],
    ["[]", /state.json': it is not a JSON object$/],
    ["{}", /state.json': it names no data files$/],
    [
      '{"_data_files": [{"filename": "../a.arrow"}]}',
      /'\.\.\/a\.arrow' is not a file of its folder/,
    ],
    ['{"_data_files": [{"filename": "/etc/passwd"}]}', /is not a file of its folder$/],
    ['{"_data_files": [{"filename": ".."}]}', /'\.\.' is not a file of its folder$/],
    ['{"_data_files": [{"filename": "a.arrow"}]}', /a\.arrow': no such file$/],
    [
      '{"_data_files": [{"filename": "a"}], "_indices_files": [{"filename": "indices.arrow"}]}',
      /its rows are in another order than its files: call flatten_indices\(\) before save_to_disk/,
    ],
  ];
  for (const [state, message] of states) {
    using fixture = new Fixture({ "state.json": state });
    assert.match(await reasonOf(open(fixture.folder)), message, state);
  }
  using empty = new Fixture();
  assert.match(await reasonOf(open(empty.folder)), /it has no 'state.json': give a folder that/);
  using dict = new Fixture({ "dataset_dict.json": '{"splits": ["../x"]}' });
  assert.match(await reasonOf(open(dict.folder)), /'\.\.\/x' is not a file of its folder$/);
});

Deno.test("openArrowFolder() throws for files whose columns differ, and for what is no Arrow file", async () => {
  using fixture = copyOf("speech/train");
  const second = fixture.path("data-00001-of-00002.arrow");
  Deno.copyFileSync(`${FIXTURES}paths/data.arrow`, second);
  assert.match(
    await reasonOf(open(fixture.folder)),
    /while '.*-00000-of-00002.arrow' has others: /,
  );
  Deno.writeTextFileSync(second, "<html>sign in</html>");
  const again = "fetch it again, or leave it out";
  const reason = await reasonOf(open(fixture.folder));
  assert.equal(reason, `Cannot read '${second}': there is no Arrow message at byte 0: ${again}`);
  // A mark and a length of 0: the end.
  Deno.writeFileSync(second, new Uint8Array([255, 255, 255, 255, 0, 0, 0, 0]));
  const empty = await reasonOf(open(fixture.folder));
  assert.equal(empty, `Cannot read '${second}': it has no Arrow schema: ${again}`);
});

Deno.test("openArrowFolder() lists a cut file up to the cut, and the files after it", async () => {
  using fixture = copyOf("speech/train");
  const first = fixture.path("data-00000-of-00002.arrow");
  const bytes = Deno.readFileSync(first);
  const whole = await summaryOf(await open(fixture.folder));
  assert.deepEqual(whole, ["set/0", "set/1", "set/2", "set/3", "set/4"]);

  Deno.writeFileSync(first, bytes.slice(0, -8));
  assert.deepEqual(await summaryOf(await open(fixture.folder)), [
    ...whole.slice(0, 3),
    "reject data-00000-of-00002.arrow rows from 3: it has no end mark: it may be cut",
    ...whole.slice(3),
  ]);

  Deno.writeFileSync(first, bytes.slice(0, 20_000));
  const cut = await summaryOf(await open(fixture.folder));
  assert.match(cut[0] ?? "", /^reject .* rows 0 to 2: it is cut: it ends at byte 20000, before /);
  assert.match(cut[1] ?? "", /^reject .* rows from 3: it ends at byte 20000, within a batch/);
  assert.deepEqual(cut.slice(2), ["set/3", "set/4"]);
});

Deno.test("openArrowFolder() never leads out of a file that is damaged, and never stops at it", async () => {
  using fixture = copyOf("wide");
  const path = fixture.path("data.arrow");
  const bytes = Deno.readFileSync(path);
  for (let at = 0; at < bytes.length; at += 29) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x81;
    Deno.writeFileSync(path, changed);
    try {
      for (const item of await itemsIn(await open(fixture.folder))) {
        const part = item.kind === "sample" ? item.sample.part : undefined;
        assert.ok(part?.kind !== "range" || part.offset + part.size <= bytes.length, `byte ${at}`);
      }
    } catch (error) {
      assert.ok(error instanceof UsageError, `byte ${at}: ${error}`);
      assert.doesNotMatch(error.message, /DataView/);
    }
  }
});

Deno.test("openArrowFolder() tells changed files by their fingerprint", async () => {
  using fixture = copyOf("speech/train");
  const digest = async () => (await (await open(fixture.folder)).fingerprint())[0]?.sha256;
  const before = await digest();
  assert.equal(await digest(), before);
  Deno.utimeSync(fixture.path("data-00001-of-00002.arrow"), 1, 1);
  assert.notEqual(await digest(), before);
});

Deno.test("openArrowFolder() keeps a byte order mark, as Parquet files do", async () => {
  using fixture = copyOf("speech");
  const path = `${fixture.folder}/train/data-00001-of-00002.arrow`;
  const bytes = Deno.readFileSync(path);
  const at = new TextDecoder("latin1").decode(bytes).indexOf("text alone");
  bytes.set([0xef, 0xbb, 0xbf], at);
  Deno.writeFileSync(path, bytes);
  const samples = await samplesIn(await open(fixture.folder));
  assert.equal(samples.at(-1)?.text, "\ufefft alone");
});

Deno.test("arrowColumns() knows which numbers are rounded to fewer digits", () => {
  const fields = [32, 64].map((bits) => ({
    ...{ name: `float${bits}`, type: { kind: "float", bits } as const },
    ...{ buffers: 2, hasMoreBuffers: false, children: [] },
  }));
  assert.deepEqual(arrowColumns({ fields, metadata: new Map() }, null).map(({ type }) => type), [
    { kind: "number", precision: "single" },
    { kind: "number" },
  ]);
});

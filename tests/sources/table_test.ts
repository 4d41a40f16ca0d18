import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { UsageError } from "../../lib/errors.ts";
import type { SourceSample } from "../../lib/sources/source.ts";
import { openTable, type TableOptions } from "../../lib/sources/table.ts";
import { Fixture, samplesIn, summaryOf } from "./fixture.ts";

type Settings = Omit<TableOptions, "path">;

/** The samples of a table with this name and content. */
async function samplesOf(
  name: string,
  content: string | Uint8Array,
  settings: Settings = {},
): Promise<SourceSample[]> {
  using fixture = new Fixture({ [name]: content });
  const source = await openTable({ path: fixture.path(name), ...settings });
  return (await samplesIn(source)).map((sample) => ({
    ...sample,
    audio: sample.audio?.replace(`${fixture.folder}/`, "") ?? null,
  }));
}

/** Ids and texts. */
async function textsOf(name: string, content: string, settings?: Settings) {
  return (await samplesOf(name, content, settings)).map((sample) => [
    sample.id,
    sample.text,
  ]);
}

async function assertRefused(
  content: string,
  message: RegExp,
  settings: Settings = {},
): Promise<void> {
  using fixture = new Fixture({ "t.csv": content });
  await assert.rejects(
    openTable({ path: fixture.path("t.csv"), ...settings }),
    (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    },
  );
}

Deno.test("openTable() reads columns by the names in the header", async () => {
  assert.deepEqual(
    await samplesOf(
      "t.csv",
      "\ufefflanguage,id, text ,audio,speaker,duration,start,end,more\r\n" +
        'de,"a, 1","Sie sagte ""ja""",x/ü 1.wav,s,2.5,0,1e0,?\r\n' +
        "\r\n,b,,y.wav,,,,,\r\n",
    ),
    [{
      id: "a, 1",
      text: 'Sie sagte "ja"',
      audio: "x/ü 1.wav",
      speaker: "s",
      language: "de",
      duration: 2.5,
      start: 0,
      end: 1,
      place: "t.csv:2",
    }, {
      id: "b",
      text: null,
      audio: "y.wav",
      speaker: null,
      language: null,
      duration: null,
      start: null,
      end: null,
      place: "t.csv:4",
    }],
  );
});

Deno.test("openTable() maps columns by name and number; the header names the rest", async () => {
  const content = "id\tpath\tsentence\nu1\tx.mp3\thello\n";
  const columns = { text: "sentence", audio: 1 };
  const [sample] = await samplesOf("t.tsv", content, { columns });
  assert.deepEqual(
    [sample?.id, sample?.text, sample?.audio],
    ["u1", "hello", "x.mp3"],
  );
});

Deno.test("openTable() reads a table without a header by numbers", async () => {
  const columns = { id: 1, text: 0 };
  assert.deepEqual(await textsOf("t.psv", "x|1\ny|2", { columns }), [
    ["1", "x"],
    ["2", "y"],
  ]);
});

Deno.test("openTable() believes what it is told about the header", async () => {
  const columns = { id: 0, text: 1 };
  const content = "id,text\na,b\n";
  assert.deepEqual(
    await textsOf("t.csv", content, { columns, header: false }),
    [["id", "text"], ["a", "b"]],
  );
  assert.deepEqual(
    await textsOf("t.csv", "x,y\na,b\n", { columns, header: true }),
    [["a", "b"]],
  );
});

Deno.test("openTable() tells delimiters apart, and believes what it is told", async () => {
  const guessed: readonly (readonly [name: string, content: string])[] = [
    ["t.csv", "id,text\na,b|c;d\te"],
    ["t.csv", "id;text\na;b|c,d\te"],
    ["t.txt", "id|text\na|b,c"],
    ["t.csv", "id\ttext\na\tb,c"],
    ["t.tsv", "id\ttext\na\tb|c"],
    ["t.csv", '"id","te|xt","text"\na,,b|c'],
  ];
  for (const [name, content] of guessed) {
    const [first] = await textsOf(name, content);
    assert.equal(first?.[0], "a", content);
    assert.equal(first?.[1]?.startsWith("b"), true, content);
  }
  assert.deepEqual(
    await textsOf("t.tsv", "id#text\na#b\tc", { delimiter: "#" }),
    [["a", "b\tc"]],
  );
});

Deno.test("openTable() reads quotes as CSV has them, elsewhere as text, or as it is told", async () => {
  assert.deepEqual(await textsOf("t.csv", 'id,text\na,"b"'), [["a", "b"]]);
  assert.deepEqual(await textsOf("t.tsv", 'id\ttext\na\t"b"'), [["a", '"b"']]);
  assert.deepEqual(
    await textsOf("t.tsv", 'id\ttext\na\t"b\tc"', { quotes: true }),
    [["a", "b\tc"]],
  );
  assert.deepEqual(
    await textsOf("t.csv", 'id,text\na,"b"', { quotes: false }),
    [["a", '"b"']],
  );
});

Deno.test("openTable() rejects rows by the line they begin at and says why", async () => {
  using fixture = new Fixture({
    "t.csv": [
      "id,text,audio,duration",
      'a,"two',
      'lines",a.wav,',
      "b,c",
      ",c,d.wav,",
      "c,,,",
      "d,,d.wav,3 s",
      "e,,e.wav,-1",
      "f,,f.wav,0x10",
      "g,,g\0.wav,",
      '"h,,h.wav,',
      "../../x,,😀.wav,",
    ].join("\n"),
  });
  const source = await openTable({ path: fixture.path("t.csv") });
  assert.deepEqual(await summaryOf(source), [
    "a",
    "reject t.csv:4: it has 2 fields: expected 4",
    "reject t.csv:5: its id is empty",
    "reject t.csv:6: it has neither 'audio' nor 'text'",
    "reject t.csv:7: 'duration' is '3 s': expected seconds, 0 or more",
    "reject t.csv:8: 'duration' is '-1': expected seconds, 0 or more",
    "reject t.csv:9: 'duration' is '0x10': expected seconds, 0 or more",
    "reject t.csv:10: 'audio' holds a NUL character",
    "reject t.csv:11: a quote is opened in it and never closed",
    "../../x",
  ]);
});

Deno.test("openTable() refuses a column that does not exist and lists those that do", async () => {
  await assertRefused(
    "id,sentence,path\na,b,c",
    /column 'sentance' for 'text' does not exist: it has 'id', 'sentence', 'path', did you mean 'sentence'$/,
    { columns: { text: "sentance" } },
  );
  await assertRefused(
    "a,b,c",
    /column 3 for 'text' does not exist: it has no header and 3 columns, 0 to 2$/,
    { columns: { id: 0, text: 3 } },
  );
  await assertRefused("id,text,text\na,b,c", /'text' exists more than once/);
  await assertRefused("a,b", /'id' for 'id' does not exist: it has no header/, {
    columns: { id: "id" },
    header: false,
  });
});

Deno.test("openTable() refuses a table of which no column holds the id", async () => {
  await assertRefused(
    "ID,text\na,b",
    /no column holds the id: it has 'ID', 'text': set columns, such as {id: 'ID'}$/,
  );
  await assertRefused(
    "a,b,c",
    /no column holds the id: it has no header and 3 columns, 0 to 2: set columns, such as {id: 0}, or header to true if the first row names them$/,
  );
});

Deno.test("openTable() refuses an empty table, and one that begins with a broken line", async () => {
  await assertRefused("\n\r\n", /it has no lines$/);
  await assertRefused('"id,text\na,b', /line 1 is broken: a quote is opened/);
});

Deno.test("openTable() refuses a pattern for the audio beside a column for it", async () => {
  await assertRefused("id,audio\na,b.wav", /audio_pattern is set as well/, {
    audioPattern: "{id}.wav",
  });
});

Deno.test("openTable() finds audio by a pattern", async () => {
  const content = "id,speaker,text\n$&,s1,x\n";
  const audioPattern = "{speaker}/{id}_{id}.flac";
  const [sample] = await samplesOf("t.csv", content, { audioPattern });
  assert.equal(sample?.audio, "s1/$&_$&.flac");
});

Deno.test("openTable() finds audio beside the table with any extension", async () => {
  using fixture = new Fixture({
    "t.csv": "id,text\na,x\nb,x\nsub/c,x\nd,x\ne,\n",
    "wavs/a.flac": "",
    "a.wav": "",
    "b.MP3": "",
    "b.txt": "",
    "wavs/sub/c.ogg": "",
    "wavs/sub/c.opus": "",
  });
  const path = fixture.path("t.csv");
  const audioOf = async (settings: Settings) =>
    (await samplesIn(await openTable({ path, ...settings }))).map(({ audio }) =>
      audio?.slice(fixture.folder.length + 1) ?? null
    );
  assert.deepEqual(await audioOf({}), [
    "wavs/a.flac",
    "b.MP3",
    "wavs/sub/c.opus",
    null,
    "wavs/e.wav",
  ]);
  assert.deepEqual(await audioOf({ audioPattern: "{id}" }), [
    "a.wav",
    "b.MP3",
    "sub/c.wav",
    "d.wav",
    "e.wav",
  ]);
});

Deno.test("openTable() finds audio under further roots", async () => {
  using fixture = new Fixture({
    "m/t.csv": "id,text\na,x\nb,x\n",
    "m/a.wav": "",
    "root/wavs/a.wav": "",
    "root/wavs/b.flac": "",
  });
  const source = await openTable({
    path: fixture.path("m/t.csv"),
    audioRoot: [fixture.path("root")],
  });
  assert.deepEqual((await samplesIn(source)).map(({ audio }) => audio), [
    fixture.path("m/a.wav"),
    fixture.path("root/wavs/b.flac"),
  ]);
});

Deno.test("openTable() rejects an id with a NUL where it names the audio file", async () => {
  using fixture = new Fixture({ "t.csv": "id,text\na\0b,x\n" });
  assert.deepEqual(
    await summaryOf(await openTable({ path: fixture.path("t.csv") })),
    ["reject t.csv:2: its id names the audio file and holds a NUL character"],
  );
});

Deno.test("openTable() reads LJSpeech's metadata: normalised text, quotes as text", async () => {
  const path = new URL("../../examples/speech/metadata.csv", import.meta.url);
  const source = await openTable({ path: path.pathname, isLjspeech: true });
  const samples = await samplesIn(source);
  assert.equal(samples[0]?.id, "LJ001-0001");
  assert.equal(
    samples[6]?.text,
    'the earliest book printed with movable types, the Gutenberg, or "forty-two line Bible" of about fourteen fifty-five,',
  );
  assert.equal(samples[6]?.place, "metadata.csv:7");
  for (const { audio } of samples) assert.ok(Deno.statSync(audio ?? "").isFile);
});

Deno.test("openTable() reads LJSpeech's raw text where there is no normalised one", async () => {
  const content = "a|raw|\nb|raw\nc|raw|normal\nd\n|raw|x\n";
  assert.deepEqual(await textsOf("m.csv", content, { isLjspeech: true }), [
    ["a", "raw"],
    ["b", "raw"],
    ["c", "normal"],
  ]);
  const [sample] = await samplesOf("m.csv", content, { isLjspeech: true });
  assert.equal(sample?.audio, "wavs/a.wav");
});

Deno.test("openTable() refuses as LJSpeech's what has other columns", async () => {
  await assertRefused("a,b,c", /first line has 1 fields between '\|'/, {
    isLjspeech: true,
  });
});

Deno.test("openTable() reads gzip", async () => {
  const [sample] = await samplesOf("t.tsv.gz", gzipSync("id\ttext\na\tb,c"));
  assert.equal(sample?.text, "b,c");
  assert.equal(sample?.place, "t.tsv.gz:2");
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { UsageError } from "../../lib/errors.ts";
import { jsonlSource } from "../../lib/sources/jsonl.ts";
import { Fixture, itemsIn, samplesIn, summaryOf } from "./fixture.ts";

/** What listing a manifest with this content gives, in short. */
async function listed(content: string | Uint8Array): Promise<string[]> {
  using fixture = new Fixture({ "m.jsonl": content });
  return await summaryOf(jsonlSource({ path: fixture.path("m.jsonl") }));
}

Deno.test("jsonlSource() reads every field", async () => {
  using fixture = new Fixture({
    "m.jsonl": JSON.stringify({
      id: "utt 1",
      audio: "a b/ü.flac",
      text: "Grüße",
      speaker: "s",
      language: "de",
      duration: 2.5,
      start: 0,
      end: 1.25,
      other: [1],
    }),
  });
  const source = jsonlSource({ path: fixture.path("m.jsonl") });
  assert.deepEqual(await itemsIn(source), [{
    kind: "sample",
    sample: {
      id: "utt 1",
      audio: fixture.path("a b/ü.flac"),
      text: "Grüße",
      speaker: "s",
      language: "de",
      duration: 2.5,
      start: 0,
      end: 1.25,
      place: "m.jsonl:1",
    },
  }]);
});

Deno.test("jsonlSource() gives null for what a line leaves out", async () => {
  using fixture = new Fixture({ "m.jsonl": '{"id":"a","text":"b"}\n' });
  const [sample] = await samplesIn(
    jsonlSource({ path: fixture.path("m.jsonl") }),
  );
  assert.deepEqual(sample, {
    id: "a",
    text: "b",
    audio: null,
    speaker: null,
    language: null,
    duration: null,
    start: null,
    end: null,
    place: "m.jsonl:1",
  });
});

Deno.test("jsonlSource() skips blank lines, counts them, and takes CRLF and a byte order mark", async () => {
  assert.deepEqual(
    await listed('\ufeff{"id":"a","text":"x"}\r\n\r\n  \n{"id":"b"}\r\n'),
    ["a", "reject m.jsonl:4: it has neither 'audio' nor 'text'"],
  );
});

Deno.test("jsonlSource() takes the text of a number for an id, without rounding it", async () => {
  const ids = ["7", "0", "12345678901234567890", "12345678901234567891", "1.50"];
  assert.deepEqual(
    await listed(
      ids.map((id) => `{"id":${id},"text":"x","more":{"id":3}}`).join("\n"),
    ),
    ids,
  );
});

Deno.test("jsonlSource() takes any text for an id", async () => {
  const ids = ["../../x", "/etc/passwd", "😀", "x".repeat(300), " ", "\n"];
  assert.deepEqual(
    await listed(
      ids.map((id) => JSON.stringify({ id, text: "x" })).join("\n"),
    ),
    ids,
  );
});

type Reject = readonly [line: string, detail: RegExp];

const WITHOUT_ID: readonly Reject[] = [
  ["{", /^it is not JSON: (?!.*line 1)/],
  ['{"id":"torn","te', /^it is not JSON: /],
  ['{"id":"a","text":"raw \0 NUL"}', /^it is not JSON: /],
  ["[1]", /^it is a list, not a JSON object$/],
  ['"text"', /^it is text, not a JSON object$/],
  ["null", /^it is null, not a JSON object$/],
  ['{"text":"x"}', /^'id' is missing$/],
  ['{"id":"","text":"x"}', /^'id' is empty$/],
  ['{"id":true,"text":"x"}', /^'id' is true: expected text or a number$/],
  ['{"id":null,"text":"x"}', /^'id' is null: expected text or a number$/],
  ['{"id":"\\ud800","text":"x"}', /^'id' holds half a surrogate pair$/],
  ['{"id":"a\\u0000b","text":"x"}', /^'id' holds a NUL character$/],
];

const WITH_ID: readonly Reject[] = [
  ['{"id":"a"}', /^it has neither 'audio' nor 'text'$/],
  ['{"id":"a","audio":"","text":""}', /^it has neither 'audio' nor 'text'$/],
  ['{"id":"a","audio":{"path":"x"}}', /^'audio' is an object: expected text$/],
  ['{"id":"a","text":5}', /^'text' is 5: expected text$/],
  ['{"id":"a","text":"x","speaker":1.5}', /^'speaker' is 1.5: expected text$/],
  ['{"id":"a","text":"x","duration":"3"}', /^'duration' is text: expected sec/],
  ['{"id":"a","text":"x","start":-1}', /^'start' is -1: expected seconds, 0 or/],
  ['{"id":"a","text":"x","end":1e999}', /^'end' is Infinity: expected seconds/],
  ['{"id":"a","text":"\\udc00"}', /^'text' holds half a surrogate pair$/],
  ['{"id":"a","audio":"x\\u0000.wav"}', /^'audio' holds a NUL character$/],
  ['{"id":"a","text":"a\\u0000b"}', /^'text' holds a NUL character$/],
];

Deno.test("jsonlSource() rejects each malformed line by its number and says why", async () => {
  const rejects = [...WITHOUT_ID, ...WITH_ID];
  using fixture = new Fixture({
    "m.jsonl": [...rejects.map(([line]) => line), '{"id":"ok","text":"x"}']
      .join("\n"),
  });
  const items = await itemsIn(jsonlSource({ path: fixture.path("m.jsonl") }));
  for (const [index, [line, detail]] of rejects.entries()) {
    const item = items[index];
    assert.ok(item?.kind === "reject", line);
    assert.equal(item.place, `m.jsonl:${index + 1}`);
    assert.match(item.detail, detail);
    assert.equal(item.id, index < WITHOUT_ID.length ? null : "a");
  }
  assert.equal(items.at(-1)?.kind, "sample");
});

Deno.test("jsonlSource() takes a numbered speaker, and an empty text beside audio", async () => {
  using fixture = new Fixture({
    "m.jsonl": '{"id":"a","audio":"a.wav","text":"","speaker":84}',
  });
  const [sample] = await samplesIn(
    jsonlSource({ path: fixture.path("m.jsonl") }),
  );
  assert.equal(sample?.speaker, "84");
  assert.equal(sample?.text, "");
});

Deno.test("jsonlSource() rejects a line that is not UTF-8 and keeps its neighbours", async () => {
  const bytes = new TextEncoder().encode(
    '{"id":"a","text":"x"}\n{"id":"?","text":"x"}\n{"id":"c","text":"x"}\n',
  );
  bytes[bytes.indexOf(0x3f)] = 0xff;
  assert.deepEqual(await listed(bytes), [
    "a",
    "reject m.jsonl:2: it is not valid UTF-8",
    "c",
  ]);
});

Deno.test("jsonlSource() reads a line of ten megabytes", async () => {
  const text = "x".repeat(10_000_000);
  using fixture = new Fixture({
    "m.jsonl": `{"id":"a","text":"x"}\n{"id":"b","text":"${text}"}\n{"id":"c","text":"x"}`,
  });
  const samples = await samplesIn(
    jsonlSource({ path: fixture.path("m.jsonl") }),
  );
  assert.deepEqual(samples.map(({ id }) => id), ["a", "b", "c"]);
  assert.equal(samples[1]?.text, text);
});

Deno.test("jsonlSource() reads gzip of several members under any name", async () => {
  assert.deepEqual(
    await listed(Buffer.concat([
      gzipSync('{"id":"a","text":"x"}\n'),
      gzipSync('{"id":"b","text":"x"}\n'),
    ])),
    ["a", "b"],
  );
});

Deno.test("jsonlSource() throws for a damaged gzip stream", async () => {
  const whole = gzipSync('{"id":"a","text":"x"}\n'.repeat(1000));
  await assert.rejects(
    listed(whole.subarray(0, whole.length - 20)),
    (error) =>
      error instanceof UsageError &&
      /its gzip stream is damaged: /.test(error.message),
  );
});

Deno.test("jsonlSource() lets go of a gzip file that is not read to its end", async () => {
  using fixture = new Fixture({
    "m.jsonl.gz": gzipSync('{"id":"a","text":"x"}\n'.repeat(200_000)),
  });
  let count = 0;
  for await (
    const _ of jsonlSource({ path: fixture.path("m.jsonl.gz") }).list()
  ) {
    if (++count === 3) break;
  }
  assert.equal(count, 3);
});

Deno.test("jsonlSource() throws for a file that is not there or has no lines", async () => {
  using fixture = new Fixture({ "empty.jsonl": "\n \n" });
  await assert.rejects(
    itemsIn(jsonlSource({ path: fixture.path("none.jsonl") })),
    new UsageError(`Cannot read '${fixture.path("none.jsonl")}': no such file`),
  );
  await assert.rejects(
    itemsIn(jsonlSource({ path: fixture.path("empty.jsonl") })),
    new UsageError(`Cannot list '${fixture.path("empty.jsonl")}': it has no lines`),
  );
});

Deno.test("jsonlSource() has a fingerprint that follows its bytes", async () => {
  using fixture = new Fixture({ "m.jsonl": "abc" });
  const source = jsonlSource({ path: fixture.path("m.jsonl") });
  assert.deepEqual(await source.fingerprint(), [{
    path: fixture.path("m.jsonl"),
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  }]);
  fixture.write("m.jsonl", "abd");
  assert.notEqual((await source.fingerprint())[0]?.sha256.slice(0, 4), "ba78");
});

Deno.test("jsonlSource() lists the speech of the examples", async () => {
  const path = new URL("../../examples/speech/manifest.jsonl", import.meta.url);
  const samples = await samplesIn(jsonlSource({ path: path.pathname }));
  assert.equal(samples.length, 33);
  for (const { audio } of samples) assert.ok(Deno.statSync(audio ?? "").isFile);
});

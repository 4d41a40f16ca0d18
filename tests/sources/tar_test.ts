import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { UsageError } from "../../lib/errors.ts";
import fc from "../../lib/npm/fast_check.ts";
import { openTarSource, type TarSourceOptions } from "../../lib/sources/tar.ts";
import { END, joined, tarOf, writeMember, type WrittenMember } from "../tar/write_tar.ts";
import { Fixture, itemsIn, samplesIn, summaryOf } from "./fixture.ts";

const FIXTURES = new URL("../fixtures/tars/", import.meta.url).pathname;

function open(
  fixture: Fixture,
  paths: string | readonly string[],
  options: Partial<TarSourceOptions> = {},
) {
  return openTarSource({
    paths: [paths].flat().map((path) => fixture.path(path)),
    rows: { columns: null, where: {} },
    cacheFolder: fixture.path("cache"),
    ...options,
  });
}

/** A tar with these members in a folder of its own. */
function withTar(members: readonly WrittenMember[]): Fixture {
  return new Fixture({ "a.tar": tarOf(members) });
}

function json(name: string, content: unknown): WrittenMember {
  return { name, content: JSON.stringify(content) };
}

Deno.test("openTarSource() makes a sample of the members of a key", async () => {
  using fixture = withTar([
    { name: "x/1.json", content: '{"speaker":7,"language":"de","duration":1.5,"id":"no"}' },
    { name: "x/1.flac", content: "sound" },
    { name: "x/1.txt", content: " Grüße\n" },
    { name: "x/1.cls", content: "3" },
  ]);
  assert.deepEqual(await itemsIn(await open(fixture, "a.tar")), [{
    kind: "sample",
    sample: {
      id: "x/1",
      audio: fixture.path("a.tar"),
      part: { kind: "range", offset: 1536, size: 5, name: "x/1.flac" },
      text: "Grüße",
      speaker: "7",
      language: "de",
      duration: 1.5,
      start: null,
      end: null,
      place: "a.tar:x/1.flac",
    },
  }]);
});

const content = fc.uint8Array({ maxLength: 3000 });
const format = fc.constantFrom("ustar", "pax", "gnu", "binary size");

Deno.test("openTarSource() says where the bytes of each audio file are, plain or gzipped", async () => {
  const samples = fc.uniqueArray(
    fc.record({ id: fc.stringMatching(/^[a-zß]{1,20}$/), content, format, text: fc.boolean() }),
    { selector: ({ id }) => id, minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(samples, fc.boolean(), async (wanted, isGzipped) => {
      const tar = tarOf(wanted.flatMap(({ id, content, format, text }) => [
        ...text ? [{ name: `${id}.txt`, content: id, format }] : [],
        { name: `${id}.wav`, content, format },
      ]));
      using fixture = new Fixture({ "a.tar": isGzipped ? gzipSync(tar) : tar });
      const found = (await samplesIn(await open(fixture, "a.tar"))).map((sample) => {
        assert.ok(sample.audio !== null && sample.part?.kind === "range");
        const { offset, size } = sample.part;
        const bytes = Deno.readFileSync(sample.audio).slice(offset, offset + size);
        return { id: sample.id, text: sample.text, content: bytes };
      });
      assert.deepEqual(
        found,
        wanted.map(({ id, content, text }) => ({ id, content, text: text ? id : null })),
      );
    }),
    { numRuns: 25 },
  );
});

Deno.test("openTarSource() reads the tars that Python writes", async () => {
  const ids = ["a", expectedLong(), "empty", "z".repeat(200), "Grüße/世界", "last"];
  for (const name of ["pax.tar", "gnu.tar"]) {
    using fixture = new Fixture({ [name]: Deno.readFileSync(FIXTURES + name) });
    assert.deepEqual(await summaryOf(await open(fixture, name)), [
      ...ids.slice(0, -1),
      `reject ${name}:hard.flac: 'hard.flac' is a link, not a file`,
      `reject ${name}:soft.flac: 'soft.flac' is a link, not a file`,
      "last",
    ]);
  }
});

function expectedLong(): string {
  return `folder-${"x".repeat(60)}/${"y".repeat(90)}`;
}

Deno.test("openTarSource() rejects sparse files, and lists what is behind them", async () => {
  for (const name of ["pax_sparse.tar", "gnu_sparse.tar"]) {
    using fixture = new Fixture({ [name]: Deno.readFileSync(FIXTURES + name) });
    assert.deepEqual(await summaryOf(await open(fixture, name)), [
      `reject ${name}:holes.wav: 'holes.wav' is stored as a sparse file: write it whole`,
      "after",
    ]);
  }
});

Deno.test("openTarSource() lists several tars, their names in braces, one after the other", async () => {
  using fixture = new Fixture({
    "s-00.tar": tarOf([{ name: "b.wav" }]),
    "s-01.tar": gzipSync(tarOf([{ name: "a.wav" }])),
    "s-02.tar": tarOf([{ name: "b.wav" }]),
    "{1,2}.tar": tarOf([{ name: "c.wav" }]),
  });
  const samples = await samplesIn(await open(fixture, ["s-{00..02}.tar", "{1,2}.tar"]));
  assert.deepEqual(samples.map(({ id, place }) => [id, place]), [
    ["b", "s-00.tar:b.wav"],
    ["a", "s-01.tar:a.wav"],
    ["b", "s-02.tar:b.wav"],
    ["c", "{1,2}.tar:c.wav"],
  ]);
});

Deno.test("openTarSource() lists text alone, and counts what is neither", async () => {
  using fixture = withTar([
    { name: "a.txt", content: "text" },
    { name: "b.jpg" },
    { name: "c.lab", content: "label" },
    json("d.json", { text: "in JSON" }),
    json("e.json", {}),
    { name: "f.txt", content: "first" },
    { name: "f.lab", content: "second" },
    json("f.json", { text: "third" }),
    { name: "LICENSE" },
  ]);
  const source = await open(fixture, "a.tar");
  assert.deepEqual(await summaryOf(source), [
    "a",
    "excluded 1",
    "c",
    "d",
    "reject a.tar:e.json: it has neither audio nor text",
    "f",
  ]);
  const texts = (await samplesIn(source)).map(({ text, audio }) => [text, audio]);
  assert.deepEqual(texts, ["text", "label", "in JSON", "first"].map((text) => [text, null]));
});

Deno.test("openTarSource() reads the columns that are named", async () => {
  using fixture = withTar([
    json("1.json", { utt: 12345678901234567890n.toString(), caption: "c", spk: "s", sec: 2 }),
    { name: "1.txt", content: "other" },
    { name: "1.flac", content: "f" },
    { name: "1.wav", content: "w" },
  ]);
  const columns = { id: "utt", text: "caption", speaker: "spk", duration: "sec", audio: "wav" };
  const source = await open(fixture, "a.tar", { rows: { columns, where: {} } });
  const [sample] = await samplesIn(source);
  assert.deepEqual(
    [sample?.id, sample?.text, sample?.speaker, sample?.duration, sample?.part],
    ["12345678901234567890", "c", "s", 2, { kind: "range", offset: 3584, size: 1, name: "1.wav" }],
  );
});

Deno.test("openTarSource() cuts audio by the JSON only where that is asked for", async () => {
  const others = Array.from({ length: 300 }, (_, index) => ({ name: `${index}.wav` }));
  const cut = [{ name: "a.wav" }, json("a.json", { start: 12.5, end: 14 })];
  const cuts = async (
    members: readonly WrittenMember[],
    columns: TarSourceOptions["rows"]["columns"],
  ) => {
    using fixture = withTar(members);
    const samples = await samplesIn(await open(fixture, "a.tar", { rows: { columns, where: {} } }));
    const sample = samples.find(({ id }) => id === "a");
    return [sample?.start, sample?.end];
  };
  assert.deepEqual(await cuts(cut, null), [null, null]);
  assert.deepEqual(await cuts([...others, ...cut], null), [null, null]);
  assert.deepEqual(await cuts(cut, { start: "start", end: "end" }), [12.5, 14]);
});

Deno.test("openTarSource() keeps large numbers apart", async () => {
  using fixture = withTar([
    { name: "a.json", content: '{"n":12345678901234567890,"text":"x"}' },
    { name: "b.json", content: '{"n":12345678901234567891,"text":"x"}' },
  ]);
  const source = await open(fixture, "a.tar", { rows: { columns: { id: "n" }, where: {} } });
  assert.deepEqual(await summaryOf(source), ["12345678901234567890", "12345678901234567891"]);
});

Deno.test("openTarSource() reads a field that only later samples have", async () => {
  const first = Array.from({ length: 300 }, (_, index) => ({ name: `${index}.wav` }));
  using fixture = withTar([...first, { name: "z.wav" }, json("z.json", { speaker: "s" })]);
  const samples = await samplesIn(await open(fixture, "a.tar"));
  assert.equal(samples.at(-1)?.speaker, "s");
});

Deno.test("openTarSource() takes the samples that a filter asks for, and counts the others", async () => {
  using fixture = withTar([
    { name: "a.wav" },
    json("a.json", { language: "de", n: 1 }),
    { name: "b.wav" },
    json("b.json", { language: "en", n: 2 }),
    { name: "c.wav" },
    json("c.json", { language: "fr" }),
  ]);
  const rows = { columns: null, where: { language: ["de", "fr"], n: [1, null] } };
  const source = await open(fixture, "a.tar", { rows });
  assert.deepEqual(await summaryOf(source), ["a", "excluded 1", "c"]);
});

Deno.test("openTarSource() throws for columns that no sample has, and lists those that there are", async () => {
  using fixture = withTar([{ name: "a.flac" }, json("a.json", { caption: "c", n: [1] })]);
  const message = (columns: Record<string, string>, where = {}) =>
    open(fixture, "a.tar", { rows: { columns, where } }).then(() => "", String);
  const known = "it has 'audio' (bytes), 'flac' (bytes), 'caption' (text), 'n' (list)";
  const begin = `UsageError: Cannot read '${fixture.path("a.tar")}': column `;
  assert.equal(
    await message({ text: "captoin" }),
    `${begin}'captoin' for 'text' does not exist: ${known}, did you mean 'caption'`,
  );
  assert.equal(
    await message({ duration: "n" }),
    `${begin}'n' for 'duration' is list: expected numbers: ${known}`,
  );
  assert.match(await message({}, { lang: "de" }), /Cannot filter .*'lang' does not exist/);
});

Deno.test("openTarSource() rejects a sample whose members are wrong, and no other", async () => {
  using fixture = withTar([
    { name: "a.wav" },
    { name: "a.x.flac" },
    { name: "b.wav" },
    { name: "b.json", content: "{" },
    { name: "c.wav" },
    json("c.json", [1]),
    { name: "d.wav" },
    { name: "d.txt", content: new Uint8Array([0xff]) },
    { name: "e.wav" },
    json("e.json", { duration: -1 }),
    { name: "f.wav" },
    { name: "g.wav", type: "2" },
    { name: "h.wav" },
    { name: "h.wav" },
    { name: "i.wav" },
    json("i.json", { text: "a\0" }),
  ]);
  assert.deepEqual(await summaryOf(await open(fixture, "a.tar")), [
    "reject a.tar:a.wav: it has more than one audio file, 'a.wav' and 'a.x.flac': " +
    "name one, such as columns: {audio: wav}",
    "reject a.tar:b.wav: 'b.json' is not JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
    "reject a.tar:c.wav: 'c.json' is not a JSON object",
    "reject a.tar:d.wav: 'text' is not valid UTF-8",
    "reject a.tar:e.wav: 'duration' is -1: expected seconds, 0 or more",
    "f",
    "reject a.tar:g.wav: 'g.wav' is a link, not a file",
    "reject a.tar:h.wav: it has more than one audio file, 'h.wav' and 'h.wav'",
    "reject a.tar:i.wav: 'text' holds a NUL character",
  ]);
});

Deno.test("openTarSource() rejects a sample without the audio that is named", async () => {
  using fixture = withTar([{ name: "a.flac" }, { name: "b.wav" }, { name: "b.txt", content: "b" }]);
  const rows = { columns: { audio: "flac" }, where: {} };
  assert.deepEqual(await summaryOf(await open(fixture, "a.tar", { rows })), [
    "a",
    "reject a.tar:b.wav: it has no '.flac'",
  ]);
});

Deno.test("openTarSource() lists a cut tar up to the cut", async () => {
  const members = ["a.wav", "a.txt", "b.wav", "b.txt"];
  const tar = tarOf(members.map((name) => ({ name, content: "x".repeat(100) })));
  using fixture = new Fixture({
    "text.tar": tar.slice(0, 3 * 1024 + 550),
    "audio.tar": tar.slice(0, 2 * 1024 + 550),
    "end.tar": tar.slice(0, 4 * 1024),
  });
  const listed = async (name: string) => await summaryOf(await open(fixture, name));
  const cut = (byte: number, name: string) =>
    `the tar is cut: it ends at byte ${byte + 550}, within '${name}'`;
  assert.deepEqual(await listed("text.tar"), [
    "a",
    `reject text.tar at byte 3072: ${cut(3072, "b.txt")}`,
  ]);
  assert.deepEqual(await listed("audio.tar"), [
    "a",
    `reject audio.tar at byte 2048: ${cut(2048, "b.wav")}`,
  ]);
  assert.deepEqual(await listed("end.tar"), [
    "a",
    "b",
    "reject end.tar at byte 4096: the tar has no end mark: it may be cut",
  ]);
  const items = await itemsIn(await open(fixture, "text.tar"));
  assert.equal(items[1]?.kind === "reject" ? items[1].id : "", "b");
});

Deno.test("openTarSource() throws for what is no tar, and says what it is", async () => {
  using fixture = new Fixture({
    "empty.tar": "",
    "page.tar": `<html>${" ".repeat(1000)}`,
    "zstd.tar": new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0]),
    "page.tar.gz": gzipSync("<html>"),
    "twice.tar": gzipSync(gzipSync(tarOf([{ name: "a.wav" }]))),
    "damaged.tar.gz": gzipSync(tarOf([{ name: "a.wav" }])).subarray(0, 12),
  });
  const reason = async (name: string) => {
    const error = await open(fixture, name).then(() => null, (error: unknown) => error);
    assert.ok(error instanceof UsageError, name);
    return error.message.replace(`Cannot read '${fixture.path(name)}': `, "");
  };
  assert.equal(await reason("missing.tar"), "no such file");
  assert.equal(await reason("empty.tar"), "it is empty");
  assert.equal(await reason("page.tar"), "it is not a tar");
  assert.equal(
    await reason("zstd.tar"),
    "it is packed with zstd: unpack it, or pack it with gzip",
  );
  assert.equal(await reason("page.tar.gz"), "it is not a tar");
  assert.equal(await reason("twice.tar"), "it is gzipped more than once");
  assert.match(await reason("damaged.tar.gz"), /^its gzip stream is damaged: /);
});

Deno.test("openTarSource() throws where there is no audio and no text at all", async () => {
  using fixture = withTar([{ name: "a.jpg" }, { name: "LICENSE" }]);
  await assert.rejects(itemsIn(await open(fixture, "a.tar")), {
    name: "UsageError",
    message: /^Cannot list '.*a\.tar': it holds no audio and no text: known extensions are wav, /,
  });
});

Deno.test("openTarSource() tells a changed tar by its fingerprint", async () => {
  const tar = (name: string) => joined([writeMember({ name }), END]);
  using fixture = new Fixture({ "a.tar": tar("a.wav") });
  const digest = async () => {
    const [file] = await (await open(fixture, "a.tar")).fingerprint();
    assert.equal(file?.path, fixture.path("a.tar"));
    return file?.sha256;
  };
  Deno.utimeSync(fixture.path("a.tar"), 1, 1);
  const first = await digest();
  assert.equal(await digest(), first);
  fixture.write("a.tar", tar("b.wav"));
  Deno.utimeSync(fixture.path("a.tar"), 1, 1);
  assert.notEqual(await digest(), first);
  fixture.write("a.tar", tar("a.wav"));
  Deno.utimeSync(fixture.path("a.tar"), 2, 2);
  assert.notEqual(await digest(), first);
});

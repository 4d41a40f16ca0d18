import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import { folderSource } from "../../lib/sources/folder.ts";
import { Fixture, itemsIn, samplesIn, summaryOf } from "./fixture.ts";

Deno.test("folderSource() lists audio of any container, below any depth, by code point", async () => {
  using fixture = new Fixture({
    "b/2.WAV": "",
    "b/10.flac": "",
    "b.opus": "",
    "b-1.mp3": "",
    "a/ä ö/😀.ogg": "",
    "a/ä ö/\ufffd.ogg": "",
    "Z.m4a": "",
    "notes.md": "",
    "wav": "",
    ".wav": "",
  });
  const samples = await samplesIn(folderSource({ path: fixture.folder }));
  assert.deepEqual(samples.map(({ id, place }) => [id, place]), [
    ["Z", "Z.m4a"],
    ["a/ä ö/\ufffd", "a/ä ö/\ufffd.ogg"],
    ["a/ä ö/😀", "a/ä ö/😀.ogg"],
    ["b-1", "b-1.mp3"],
    ["b", "b.opus"],
    ["b/10", "b/10.flac"],
    ["b/2", "b/2.WAV"],
  ]);
  assert.equal(samples[0]?.audio, fixture.path("Z.m4a"));
});

Deno.test("folderSource() takes the text of a file beside the audio", async () => {
  using fixture = new Fixture({
    "a/x.wav": "",
    "a/x.txt": "\ufeff  Grüße\nan alle \r\n",
    "a/y.wav": "",
    "a/y.txt": " \n",
    "a/z.wav": "",
    "a/alone.txt": "no sample",
    "x.txt": "not its text",
  });
  const samples = await samplesIn(folderSource({ path: fixture.folder }));
  assert.deepEqual(samples.map(({ id, text }) => [id, text]), [
    ["a/x", "Grüße\nan alle"],
    ["a/y", null],
    ["a/z", null],
  ]);
});

Deno.test("folderSource() rejects a sample whose text is not UTF-8 or holds a NUL", async () => {
  using fixture = new Fixture({
    "a.wav": "",
    "a.txt": new Uint8Array([0x66, 0xfc]),
    "b.wav": "",
    "c.wav": "",
    "c.txt": "one\0two",
  });
  const items = await itemsIn(folderSource({ path: fixture.folder }));
  assert.deepEqual(items[0], {
    kind: "reject",
    id: "a",
    place: "a.wav",
    detail: "its text 'a.txt' is not valid UTF-8",
  });
  const [last] = items.slice(2);
  assert.equal(last?.kind === "reject" && last.detail, "its text 'c.txt' holds a NUL character");
  assert.equal(items[1]?.kind, "sample");
});

Deno.test("folderSource() keeps the extension in ids that would be equal", async () => {
  using fixture = new Fixture({ "x/a.wav": "", "x/a.flac": "", "a.wav": "" });
  assert.deepEqual(await summaryOf(folderSource({ path: fixture.folder })), [
    "a",
    "x/a.flac",
    "x/a.wav",
  ]);
});

Deno.test("folderSource() follows links and does not walk in circles", async () => {
  using fixture = new Fixture({ "data/a/1.wav": "", "other/2.wav": "" });
  const root = fixture.path("data");
  await Deno.symlink(root, `${root}/a/up`);
  await Deno.symlink("..", `${root}/a/parent`);
  await Deno.symlink(fixture.folder, `${root}/outside`);
  await Deno.symlink(fixture.path("other"), `${root}/linked`);
  await Deno.symlink(fixture.path("other/2.wav"), `${root}/file.wav`);
  await Deno.symlink(fixture.path("gone.wav"), `${root}/dangling.wav`);
  assert.deepEqual(await summaryOf(folderSource({ path: root })), [
    "a/1",
    "dangling",
    "file",
    "linked/2",
    "outside/other/2",
  ]);
});

Deno.test("folderSource() leaves out what is excluded, through links too", async () => {
  using fixture = new Fixture({
    "a.wav": "",
    "out/b.wav": "",
    "output/c.wav": "",
  });
  await Deno.symlink(fixture.path("out"), fixture.path("link"));
  const exclude = [`${fixture.folder}/x/../out`];
  assert.deepEqual(
    await summaryOf(folderSource({ path: fixture.folder, exclude })),
    ["a", "output/c"],
  );
});

Deno.test("folderSource() reads more files than it reads ahead, in order", async () => {
  const names = Array.from({ length: 150 }, (_, index) => `f${1000 + index}`);
  using fixture = new Fixture(Object.fromEntries(
    names.flatMap((name) => [[`${name}.wav`, ""], [`${name}.txt`, name]]),
  ));
  const samples = await samplesIn(folderSource({ path: fixture.folder }));
  assert.deepEqual(samples.map(({ id }) => id), names);
  assert.deepEqual(samples.map(({ text }) => text), names);
});

Deno.test("folderSource() throws for a folder without audio", async () => {
  using fixture = new Fixture({ "a.txt": "text" });
  await assert.rejects(
    itemsIn(folderSource({ path: fixture.folder })),
    (error) =>
      error instanceof UsageError &&
      /holds no audio file: known extensions are wav, /.test(error.message),
  );
});

Deno.test("folderSource() throws for a folder that cannot be read", async () => {
  await assert.rejects(
    itemsIn(folderSource({ path: "/nowhere/at/all" })),
    (error) =>
      error instanceof UsageError &&
      error.message.startsWith("Cannot list folder '/nowhere/at/all': "),
  );
});

Deno.test("folderSource() has a fingerprint that follows its names and its texts", async () => {
  using fixture = new Fixture({ "a.wav": "1", "b.wav": "" });
  const source = folderSource({ path: fixture.folder });
  const seen = new Set<string>();
  const step = async () => seen.add((await source.fingerprint())[0]?.sha256 ?? "");
  await step();
  fixture.write("a.wav", "2");
  fixture.write("lonely.txt", "2");
  await step();
  assert.equal(seen.size, 1);
  fixture.write("a.txt", "text");
  await step();
  fixture.write("a.txt", "another text");
  await step();
  fixture.write("c.wav", "");
  await step();
  assert.equal(seen.size, 4);
});

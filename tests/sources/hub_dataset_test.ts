import assert from "node:assert/strict";
import { UsageError } from "../../lib/errors.ts";
import { filePins } from "../../lib/hub/dataset/pins.ts";
import { ParquetCells } from "../../lib/parquet/cells.ts";
import {
  AUDIO_BYTES,
  audioOf,
  DatasetSession,
  GROUP_ROWS,
  plainFile,
  samplesOf,
  speechFile,
  textFile,
} from "../support/dataset_session.ts";
import { refuse } from "../support/hub_server.ts";
import { bring, ROWS, SIGNAL, SPEECH, TWO } from "../support/two_files.ts";

Deno.test("openHubDataset() streams: planning reads texts, a row group comes when it is due", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  const source = await session.open();
  const samples = await samplesOf(source.list());
  assert.equal(samples.length, 2 * ROWS);
  assert.equal(samples[ROWS + 1]?.id, `org/name/${ROWS + 1}`);
  assert.equal(samples[ROWS + 1]?.text, `text ${ROWS + 1}`);
  assert.equal(samples[ROWS + 1]?.speaker, "speaker 1");
  assert.equal(
    samples[ROWS + 1]?.place,
    "org/name/data/train-00001-of-00002.parquet row 1",
  );
  assert.ok(samples.every(({ isDeferred }) => isDeferred));
  const planned = session.partBytes();
  assert.ok(planned < 0.1 * 2 * SPEECH.content.length, `${planned}`);
  assert.deepEqual(await bring(source, samples[ROWS + 4]), audioOf(ROWS + 4));
  const brought = session.partBytes() - planned;
  assert.ok(brought < 1.1 * GROUP_ROWS * AUDIO_BYTES, `${brought}`);
});

Deno.test("a row group is brought once for all who want it, stays until it is dropped, and comes again", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  const source = await session.open();
  const samples = await samplesOf(source.list());
  const path = samples[0]?.audio ?? "";
  const before = session.server.seen.length;
  await Promise.all([1, 2, 3].map(() => source.blocks?.bring(path, SIGNAL, 0)));
  await source.blocks?.bring(path, SIGNAL, 0);
  assert.equal(session.server.seen.length, before + 1);
  assert.equal((await Deno.stat(path)).size, SPEECH.content.length);
  await source.blocks?.drop(path, 0);
  await source.blocks?.drop(path, 0);
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  assert.deepEqual(await bring(source, samples[0]), audioOf(0));
});

Deno.test("what was brought is found again by a later process, and footers are not asked for again", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  const first = await session.open();
  const samples = await samplesOf(first.list());
  await bring(first, samples[0]);
  session.server.seen.length = 0;
  const later = await session.open();
  assert.equal(session.partBytes(), 0);
  assert.deepEqual(await bring(later, samples[0]), audioOf(0));
  assert.equal(session.partBytes(), 0);
  assert.deepEqual(await bring(later, samples[9]), audioOf(9));
});

Deno.test("a run goes on with the commits that it was planned with, though the branch moved", async () => {
  await using session = new DatasetSession();
  const commit = session.commit(TWO);
  const pins = filePins(session.path("notes"));
  const planned = await session.open({ pins });
  const samples = await samplesOf(planned.list());
  session.commit({ "train.parquet": speechFile(3, 500) });
  session.server.seen.length = 0;
  const resumed = await session.open({ pins });
  assert.equal(resumed.pin.commit, commit);
  assert.deepEqual(await resumed.fingerprint(), await planned.fingerprint());
  assert.deepEqual(session.server.seen, []);
  assert.deepEqual(await bring(resumed, samples[20]), audioOf(20));
  const other = await session.open();
  assert.notDeepEqual(await other.fingerprint(), await planned.fingerprint());
});

Deno.test("openHubDataset() downloads whole files into the cache of huggingface_hub, once", async () => {
  await using session = new DatasetSession();
  const commit = session.commit(TWO);
  const source = await session.open({ mode: "download" });
  const samples = await samplesOf(source.list());
  const snapshot = session.path("home", "hub", "datasets--org--name", "snapshots", commit);
  assert.equal(samples[0]?.audio, `${snapshot}/data/train-00000-of-00002.parquet`);
  assert.equal(samples[0]?.isDeferred, false);
  const part = samples[40]?.part;
  assert.ok(part?.kind === "parquet");
  assert.deepEqual(new ParquetCells().read(samples[40]?.audio ?? "", part).bytes, audioOf(40));
  session.server.seen.length = 0;
  await session.open({ mode: "download" });
  assert.deepEqual(session.server.paths("files"), []);
});

Deno.test("without network a dataset is read from the cache if it is there whole", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  await session.open({ mode: "download" });
  session.variables.set("HF_HUB_OFFLINE", "1");
  session.server.seen.length = 0;
  for (const mode of ["stream", "download"] as const) {
    const source = await session.open({ mode });
    const samples = await samplesOf(source.list());
    assert.equal(samples.length, 2 * ROWS);
    assert.match(source.pin.notices.join(), /HF_HUB_OFFLINE forbids to ask the Hub/);
    assert.deepEqual(await bring(source, samples[8]), audioOf(8));
  }
  assert.deepEqual(session.server.seen, []);
});

Deno.test("without network, what the cache lacks is named, with the command that gets it", async () => {
  await using session = new DatasetSession();
  session.variables.set("HF_HUB_OFFLINE", "1");
  await assert.rejects(session.open(), /hf download org\/name --repo-type dataset --revision main/);
  session.variables.delete("HF_HUB_OFFLINE");
  session.commit({ ...TWO, "README.md": plainFile("---\nconfigs:\n- config_name: en\n---\n") });
  await session.open();
  session.variables.set("HF_HUB_OFFLINE", "1");
  await assert.rejects(
    session.open({ config: "de" }),
    /no subset 'de'.*: it has 'en', as far as the cache .* HF_HUB_OFFLINE forbids .* hf download/,
  );
  session.variables.delete("HF_HUB_OFFLINE");
  const commit = session.commit(TWO);
  const pins = filePins(session.path("notes"));
  await session.open({ pins });
  await session.open({ mode: "download" });
  const snapshot = session.path("home", "hub", "datasets--org--name", "snapshots", commit);
  await Deno.remove(`${snapshot}/data/train-00001-of-00002.parquet`);
  session.variables.set("HF_HUB_OFFLINE", "1");
  await assert.rejects(session.open(), /but 1 of 2 files 'data\/train-of-00002': it is not there/);
  await assert.rejects(
    session.open({ pins }),
    /Cannot find 'data\/train-00001-of-00002\.parquet' of 'org\/name' at '\w{40}' in the cache/,
  );
});

Deno.test("what the Hub converted is taken at a commit of its own", async () => {
  await using session = new DatasetSession();
  const commit = session.commit({ "train/a.wav": plainFile("no sound") });
  const converted = session.commit(
    { "default/train/0000.parquet": SPEECH },
    "refs/convert/parquet",
  );
  const source = await session.open();
  assert.equal(source.pin.commit, commit);
  assert.equal(source.pin.convertCommit, converted);
  const samples = await samplesOf(source.list());
  assert.deepEqual(await bring(source, samples[5]), audioOf(5));
  session.commit({ "train/b.wav": plainFile("still none") }, "older");
  await assert.rejects(
    session.open({ revision: "older" }),
    /converted nothing to Parquet for this/,
  );
  const direct = await session.open({ revision: "refs/convert/parquet" });
  assert.equal((await samplesOf(direct.list())).length, ROWS);
});

Deno.test("openHubDataset() lists datasets of text alone", async () => {
  await using session = new DatasetSession();
  session.commit({ "train.parquet": textFile("text", ["one", "two"], false) });
  for (const mode of ["stream", "download"] as const) {
    const source = await session.open({ mode });
    assert.match(source.textOnly ?? "", /' has no audio: it has 'text' \(text\): /);
    const samples = await samplesOf(source.list());
    assert.deepEqual(samples.map(({ id, text, audio }) => [id, text, audio]), [
      ["org/name/0", "one", null],
      ["org/name/1", "two", null],
    ]);
  }
});

Deno.test("files that rows name by paths are brought from the repository, each when it is due", async () => {
  await using session = new DatasetSession();
  const large = { content: audioOf(1), large: true };
  session.commit({
    "data/train.parquet": textFile("audio", ["a.wav", "data/b.wav", "c.wav", "/etc/hosts"]),
    "data/a.wav": plainFile("sound a"),
    "data/b.wav": large,
  });
  const source = await session.open();
  const items = await Array.fromAsync(source.list());
  const [a, b, c] = await samplesOf(source.list());
  assert.equal(a?.isDeferred, true);
  for (const sample of [a, b]) await source.blocks?.bring(sample?.audio ?? "", SIGNAL, 0);
  assert.equal(await Deno.readTextFile(a?.audio ?? ""), "sound a");
  assert.deepEqual(await Deno.readFile(b?.audio ?? ""), large.content);
  await source.blocks?.drop(a?.audio ?? "", 0);
  await assert.rejects(Deno.stat(a?.audio ?? ""), Deno.errors.NotFound);
  await assert.rejects(source.blocks?.bring(c?.audio ?? "", SIGNAL, 0) ?? Promise.resolve(), {
    reason: "missing_file",
    message: "Cannot read 'data/c.wav': the dataset 'org/name' has no such file",
  });
  const last = items[3];
  assert.ok(last?.kind === "reject");
  assert.match(last.detail, /its audio is '\/etc\/hosts', which is no file of the dataset/);
});

Deno.test("a row that names an impossible file costs its own sample, not the run", async () => {
  await using session = new DatasetSession();
  const names = [`${"x".repeat(300)}.wav`, "a.wav", "a.wav/b.wav", "a".repeat(9000)];
  session.commit({
    "data/train.parquet": textFile("audio", names),
    "data/a.wav": plainFile("sound a"),
  });
  const source = await session.open();
  const [long, file, below, longer] = await samplesOf(source.list());
  await source.blocks?.bring(file?.audio ?? "", SIGNAL, 0);
  for (const sample of [long, below, longer]) {
    const brought = source.blocks?.bring(sample?.audio ?? "", SIGNAL, 0);
    await assert.rejects(brought ?? Promise.resolve(), { reason: "missing_file" });
  }
});

Deno.test("a file that the server refuses without a code is one that is not there", async () => {
  await using session = new DatasetSession();
  session.commit({ "data/train.parquet": textFile("audio", ["a.wav"]) });
  const source = await session.open();
  const [sample] = await samplesOf(source.list());
  for (const status of [414, 404]) {
    session.server.faults.push(({ path }) => /a\.wav$/.test(path) ? refuse(status, "") : null);
  }
  const brought = source.blocks?.bring(sample?.audio ?? "", SIGNAL, 0);
  await assert.rejects(brought ?? Promise.resolve(), { reason: "missing_file" });
});

for (
  const [what, options, message] of [
    ["an unknown dataset", { id: "org/none" }, /there is no such repository, or it is private/],
    ["a name that is none", { id: "none" }, /its name is no 'org\/name'/],
    ["an unknown revision", { revision: "v2" }, /there is no such branch, tag or commit/],
    ["an unknown config", { config: "en" }, /it has no subset 'en': it has 'default'/],
    ["an unknown split", { split: "tset" }, /no split 'tset', did you mean 'test'|it has 'train'/],
    [
      "an unknown column",
      { rows: { columns: { text: "txet" }, where: {}, idPrefix: "", audioRoot: [] } },
      /column 'txet' for 'text' does not exist: it has 'text'.*, did you mean 'text'/,
    ],
  ] as const
) {
  Deno.test(`openHubDataset() throws for ${what} before anything is listed`, async () => {
    for (const mode of ["stream", "download"] as const) {
      await using session = new DatasetSession();
      session.commit(TWO);
      await assert.rejects(session.open({ ...options, mode }), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        return true;
      });
      assert.ok(session.partBytes() < SPEECH.content.length / 10);
    }
  });
}

Deno.test("openHubDataset() says what to do about a gated dataset, and shows no token", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  session.variables.set("HF_TOKEN", "hf_secret");
  session.server.faults.push((seen) =>
    seen.path.includes("/resolve/") ? refuse(403, "GatedRepo") : null
  );
  await assert.rejects(session.open(), (error: Error) => {
    assert.match(error.message, /its authors ask for your agreement: accept the terms at/);
    assert.doesNotMatch(error.message, /hf_secret/);
    return true;
  });
});

Deno.test("the token goes to the Hub with every request, and to no file server", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  session.variables.set("HF_TOKEN", "hf_secret");
  const source = await session.open();
  await bring(source, (await samplesOf(source.list()))[0]);
  for (const { server, headers } of session.server.seen) {
    assert.equal(headers.get("authorization"), server === "hub" ? "Bearer hf_secret" : null);
  }
});

/** The first bytes of a range, then the end of the connection. */

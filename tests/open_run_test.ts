import assert from "node:assert/strict";
import { join } from "node:path";
import { SpeechmillError, UsageError } from "../lib/errors.ts";
import { type EncodedRow, openRun, type Run } from "../lib/open_run.ts";
import { CLIPS, smallRun } from "./support/small_run.ts";

async function idsOf(rows: AsyncIterable<EncodedRow>): Promise<string[]> {
  return (await Array.fromAsync(rows)).map((row) => row.id);
}

/** Takes away all that stays behind when only the dataset is published. */
function publish(directory: string): void {
  Deno.removeSync(join(directory, ".speechmill"), { recursive: true });
}

async function firstTrainFile(run: Run): Promise<string[]> {
  return (await idsOf(run.rows({ split: "train" }))).slice(0, run.files[0]?.rows);
}

Deno.test("openRun() reads every row once, with types", async () => {
  using small = await smallRun();
  using run = await openRun(small.directory);
  const rows = await Array.fromAsync(run.rows());

  assert.deepEqual(rows.map((row) => row.id).sort(), [...CLIPS].sort());
  assert.equal(run.manifest.finished, true);
  const row = rows.find(({ id }) => id === "3_jackson_0");
  assert.ok(row !== undefined);
  assert.equal(row.text, "3");
  assert.equal(row.speaker, "jackson");
  assert.deepEqual(row.constants, { corpus: "fsdd" });
  assert.equal(row.sampleRate, 16_000);
  assert.equal(row.codes.length, 4);
  assert.equal(row.encodedLen, Math.ceil(row.numSamples / 320));
  assert.ok(row.codes.every((layer) => layer.length === row.encodedLen));
  assert.equal(row.duration, Number((row.numSamples / 16_000).toFixed(6)));
  assert.deepEqual(Object.keys(row.raw), run.manifest.columns.map(({ name }) => name));
});

Deno.test("openRun() reads the rows of one split", async () => {
  using small = await smallRun();
  using run = await openRun(small.directory);
  const train = await idsOf(run.rows({ split: "train" }));
  const validation = await idsOf(run.rows({ split: "validation" }));
  assert.ok(validation.length > 0);
  assert.deepEqual([...train, ...validation], await idsOf(run.rows()));
});

Deno.test("row() finds each row by its id", async () => {
  using small = await smallRun({ samples: withGone() });
  using run = await openRun(small.directory);
  for await (const row of run.rows()) assert.deepEqual(await run.row(row.id), row);
  assert.equal(await run.row("absent"), null);
  assert.equal(await run.row("gone"), null);
});

Deno.test("row() reads one file alone, and once", async () => {
  using small = await smallRun();
  using run = await openRun(small.directory);
  const [first = "", second = ""] = await firstTrainFile(run);
  run.files.slice(1).forEach(({ path }) => Deno.removeSync(join(small.directory, path)));
  assert.equal((await run.row(first))?.id, first);
  Deno.removeSync(join(small.directory, run.files[0]?.path ?? ""));
  assert.equal((await run.row(second))?.id, second);
});

Deno.test("row() refuses a file whose rows were moved", async () => {
  using small = await smallRun();
  using run = await openRun(small.directory);
  const [first = ""] = await firstTrainFile(run);
  const [one, two] = run.files.map(({ path }) => join(small.directory, path));
  Deno.copyFileSync(two ?? "", one ?? "");
  await assert.rejects(run.row(first), /Cannot read row .* stands there: 'speechmill verify/);
});

Deno.test("rowsById() gives rows in the order of the plan and leaves out unknown ids", async () => {
  using small = await smallRun();
  using run = await openRun(small.directory);
  const all = await idsOf(run.rows());
  const wanted = [all.at(-1) ?? "", "absent", all[4] ?? "", all[0] ?? ""];
  assert.deepEqual(await idsOf(run.rowsById(wanted)), [all[0], all[4], all.at(-1)]);
});

Deno.test("openRun() reads a published dataset without its ledger", async () => {
  using small = await smallRun();
  publish(small.directory);
  using run = await openRun(small.directory);
  assert.equal((await idsOf(run.rows())).length, CLIPS.length);
  assert.equal((await run.row("5_george_0"))?.text, "5");
  assert.equal(await run.row("absent"), null);
  assert.deepEqual(await run.missing(["0_george_0", "absent"]), [
    { id: "absent", why: "the run has no row of this id" },
  ]);
});

Deno.test("openRun() sees the sealed files of an unfinished run", async () => {
  using small = await smallRun({ pending: ["5_jackson_0"], valRatio: 0 });
  using run = await openRun(small.directory);
  assert.equal(run.manifest.finished, false);
  assert.deepEqual(await idsOf(run.rows()), CLIPS.slice(0, 9));
  assert.equal(await run.row("4_jackson_0"), null);
  const [open, pending] = await run.missing(["4_jackson_0", "5_jackson_0"]);
  assert.match(open?.why ?? "", /its shard is not sealed yet/);
  assert.match(pending?.why ?? "", /it is not encoded yet/);
});

Deno.test("openRun() finds a ledger that lies elsewhere", async () => {
  using small = await smallRun();
  const ledger = join(small.directory, "..", "elsewhere.db");
  Deno.renameSync(small.paths.ledger, ledger);
  Deno.writeTextFileSync(small.paths.config, JSON.stringify({ ledger }));
  using run = await openRun(small.directory);
  assert.match((await run.missing(["absent"]))[0]?.why ?? "", /the run has no such id/);
});

Deno.test("missing() tells why an id has no row", async () => {
  using small = await smallRun({ samples: withGone() });
  using run = await openRun(small.directory);
  const [gone, short, typo] = await run.missing(["gone", "short", "0_goerge_0", "0_george_0"]);
  assert.match(gone?.why ?? "", /^it was quarantined as missing_file: Cannot find/);
  assert.equal(short?.why, "it was filtered as too_short");
  assert.equal(typo?.why, "the run has no such id, did you mean '0_george_0'");
});

Deno.test("openRun() says what is wrong with a folder that is no run", async () => {
  using small = await smallRun();
  const manifest = join(small.directory, "manifest.json");
  await assert.rejects(openRun("/nowhere"), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message, "Cannot open the run '/nowhere': there is no such folder");
    return true;
  });
  await assert.rejects(openRun(join(small.directory, "data")), /it holds no 'manifest.json'/);
  const text = Deno.readTextFileSync(manifest);
  Deno.writeTextFileSync(manifest, text.replace('"rows": 3', '"rows": "3"'));
  await assert.rejects(openRun(small.directory), (error) => {
    assert.ok(error instanceof SpeechmillError);
    assert.match(error.message, /Cannot read the manifest '.*': files\.0\.rows: /);
    return true;
  });
  Deno.writeTextFileSync(manifest, text.replace("data/train", "data/../../train"));
  await assert.rejects(openRun(small.directory), /files\.0\.path: not a file in 'data\/'/);
  Deno.removeSync(manifest);
  await assert.rejects(openRun(small.directory), /it was killed before .* 'speechmill resume/);
});

Deno.test("openRun() refuses a damaged ledger", async () => {
  using small = await smallRun();
  Deno.writeTextFileSync(small.paths.ledger, "not a database");
  await assert.rejects(openRun(small.directory), /Cannot open the ledger/);
});

function withGone(): { id: string; clip: string }[] {
  return ["gone", "short", ...CLIPS].map((clip) => ({ id: clip, clip }));
}

import assert from "node:assert/strict";
import { join } from "node:path";
import { UsageError } from "../lib/errors.ts";
import { openRun } from "../lib/open_run.ts";
import { Ledger } from "../lib/run/ledger.ts";
import { verifyRun } from "../lib/verify.ts";
import { CLIPS, smallRun } from ".//support/small_run.ts";
import { editLedger, editManifest, FIRST, problemsOf, verify } from "./verify/fixture.ts";

Deno.test("verifyRun() finds nothing in a whole run", async () => {
  const samples = ["gone", "short", ...CLIPS].map((clip) => ({ id: clip, clip }));
  using small = await smallRun({ samples, reject: true });
  const report = await verify(small);
  assert.deepEqual(report, {
    ...{ files: 5, filesRead: 5, rows: CLIPS.length, finished: true, ledger: true },
    ...{ problems: [], advice: [], rebatch: null, ok: true },
  });
});

Deno.test("verifyRun() finds nothing in a published dataset without its ledger", async () => {
  using small = await smallRun({ reject: true });
  Deno.removeSync(join(small.directory, ".speechmill"), { recursive: true });
  const report = await verify(small);
  assert.deepEqual([report.ok, report.ledger, report.rows], [true, false, CLIPS.length]);
});

Deno.test("verifyRun() finds nothing in an unfinished run with a file in the making", async () => {
  using small = await smallRun({ pending: ["5_jackson_0"], valRatio: 0 });
  Deno.writeTextFileSync(
    join(small.directory, "data/train-00003-of-00004.jsonl.gz.tmp"),
    "half",
  );
  const report = await verify(small);
  assert.deepEqual([report.problems, report.finished, report.rows], [[], false, 9]);
});

Deno.test("verifyRun() names a file with a flipped byte", async () => {
  using small = await smallRun();
  const path = join(small.directory, FIRST);
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x10;
  Deno.writeFileSync(path, bytes);
  const report = await verify(small);
  assert.match(report.problems[0]?.problem ?? "", /^its SHA-256 is [0-9a-f]{64}, it was sealed/);
  assert.deepEqual([...new Set(report.problems.map(({ file }) => file))], [FIRST]);
  assert.match(report.advice[0] ?? "", /restore it from a copy .* which gives the same bytes/);
});

Deno.test("verifyRun() names a truncated file and where it ends", async () => {
  using small = await smallRun();
  const path = join(small.directory, FIRST);
  Deno.truncateSync(path, 100);
  const problems = await problemsOf(small);
  assert.match(
    problems[0] ?? "",
    /^damage data\/train-00000.* it has 100 bytes, it was sealed with/,
  );
  assert.match(problems.at(-1) ?? "", /it ends badly: Cannot read .* after row 0/);
});

Deno.test("verifyRun() names a removed file", async () => {
  using small = await smallRun();
  Deno.removeSync(join(small.directory, FIRST));
  assert.deepEqual(await problemsOf(small), [`damage ${FIRST} it is missing`]);
});

Deno.test("verifyRun() names a file that the run did not seal", async () => {
  using small = await smallRun();
  Deno.copyFileSync(
    join(small.directory, FIRST),
    join(small.directory, "data/train-00004-of-00004.jsonl.gz"),
  );
  assert.deepEqual(await problemsOf(small), [
    "stray data/train-00004-of-00004.jsonl.gz the run did not seal this file",
  ]);
});

Deno.test("verifyRun() finds a manifest that disagrees with the ledger", async () => {
  using small = await smallRun();
  editManifest(small, '"rows": 3', '"rows": 4');
  editManifest(small, '"planned": 12', '"planned": 13');
  assert.deepEqual(await problemsOf(small), [
    `record manifest.json it gives '${FIRST}' the rows 4, the ledger 3`,
    "record manifest.json it counts 13 samples as planned, the ledger 12",
    "record manifest.json it counts 12 samples as done, its files have 13 rows",
    "record manifest.json it counts 13 samples planned and 12 done, quarantined or filtered",
  ]);
});

Deno.test("verifyRun() finds a lost line of failed.jsonl", async () => {
  const samples = ["gone", ...CLIPS].map((clip) => ({ id: clip, clip }));
  using small = await smallRun({ samples });
  Deno.writeTextFileSync(small.paths.failed, "");
  assert.deepEqual(await problemsOf(small), [
    "record failed.jsonl it has 0 lines, the manifest counts 1 quarantined",
  ]);
  Deno.removeSync(small.paths.failed);
  assert.deepEqual(await problemsOf(small), ["record failed.jsonl it is missing"]);
});

Deno.test("verifyRun() finds a ledger that lost a sample", async () => {
  using small = await smallRun();
  editLedger(small, "DELETE FROM sample WHERE id = '0_george_0'");
  const problems = await problemsOf(small);
  assert.deepEqual(problems.slice(0, 2), [
    "ledger .speechmill/ledger.db it holds 11 samples, 12 were planned",
    "ledger .speechmill/ledger.db it marks 11 samples as done and keeps 12 of them",
  ]);
  assert.ok(problems.some((line) => line.endsWith("0_george_0 the plan has no such id")));
});

Deno.test("verifyRun() goes on by the manifest where the ledger is damaged", async () => {
  using small = await smallRun();
  using ledger = Ledger.open(small.paths.ledger, { readOnly: true });
  const page = ledger.get<{ rootpage: number }>(
    "SELECT rootpage FROM sqlite_schema WHERE name = 'sample_id'",
  )?.rootpage ?? 0;
  const bytes = Deno.readFileSync(small.paths.ledger);
  bytes.fill(0xff, (page - 1) * 4096, page * 4096);
  Deno.writeFileSync(small.paths.ledger, bytes);
  const report = await verify(small);
  assert.equal(report.ledger, false);
  assert.equal(report.rows, CLIPS.length);
  assert.ok(report.problems.every(({ kind }) => kind === "ledger"));
  assert.match(report.problems[0]?.problem ?? "", /damaged|malformed/);
});

Deno.test("verifyRun() reads a subset of the files, and looks at all", async () => {
  using small = await smallRun({ shardSize: 1, valRatio: 0 });
  const read: string[] = [];
  for await (const event of verifyRun(small.directory, { subset: 0.3 })) {
    if (event.type === "file" && event.read) read.push(event.path);
    if (event.type === "finished") {
      assert.deepEqual([event.report.filesRead, event.report.files], [read.length, 12]);
    }
  }
  assert.ok(read.length > 0 && read.length < 12, String(read.length));
  using run = await openRun(small.directory);
  const unread = run.files.find(({ path }) => !read.includes(path));
  Deno.truncateSync(join(small.directory, unread?.path ?? ""), 10);
  const problems = await problemsOf(small, { subset: 0.3 });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /it has 10 bytes/);
});

Deno.test("verifyRun() reads at least one file", async () => {
  using small = await smallRun();
  assert.equal((await verify(small, { subset: 1e-6 })).filesRead, 1);
});

Deno.test("verifyRun() refuses a share that is none", async () => {
  using small = await smallRun();
  await assert.rejects(verify(small, { subset: 0 }), UsageError);
  await assert.rejects(verify(small, { rebatch: 2 }), UsageError);
});

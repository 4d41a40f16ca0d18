import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import { RunConflictError, UsageError } from "../lib/errors.ts";
import { openRun } from "../lib/open_run.ts";
import { Ledger } from "../lib/run/ledger.ts";
import { type VerifyOptions, type VerifyReport, verifyRun } from "../lib/verify.ts";
import { loadCodec } from "../models/registry.ts";
import { CLIPS, type SmallRun, smallRun } from "./support/small_run.ts";

const FIRST = "data/train-00000-of-00004.jsonl.gz";
const SECOND = "data/train-00001-of-00004.jsonl.gz";

async function verify(run: SmallRun, options?: VerifyOptions): Promise<VerifyReport> {
  for await (const event of verifyRun(run.directory, { threads: 1, ...options })) {
    if (event.type === "finished") return event.report;
  }
  throw new Error("the last event is missing");
}

/** Every problem on a line, for matching. */
async function problemsOf(run: SmallRun, options?: VerifyOptions): Promise<string[]> {
  const { problems, ok, advice } = await verify(run, options);
  assert.equal(ok, problems.length === 0);
  assert.equal(advice.length > 0, !ok);
  return problems.map(({ kind, file, row, id, problem }) =>
    [kind, file, ...(row === undefined ? [] : [row]), ...(id === undefined ? [] : [id]), problem]
      .join(" ")
  );
}

type Row = Record<string, unknown>;

/** Writes a data file anew with other rows, and makes manifest and ledger agree with it. */
function rewrite(run: SmallRun, path: string, change: (rows: Row[]) => Row[]): void {
  const file = join(run.directory, path);
  const lines = gunzipSync(Deno.readFileSync(file)).toString().trimEnd().split("\n");
  const rows = change(lines.map((line) => JSON.parse(line)));
  Deno.writeFileSync(file, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
}

function editManifest(run: SmallRun, from: string | RegExp, to: string): void {
  const text = Deno.readTextFileSync(run.paths.manifest);
  const edited = text.replace(from, to);
  assert.notEqual(edited, text);
  Deno.writeTextFileSync(run.paths.manifest, edited);
}

function editLedger(run: SmallRun, sql: string): void {
  const database = new DatabaseSync(run.paths.ledger);
  database.exec(sql);
  database.close();
}

/** The row problems after a change that is not a matter of bytes. */
async function rowProblems(run: SmallRun, change: (rows: Row[]) => Row[]): Promise<string[]> {
  rewrite(run, FIRST, change);
  return (await problemsOf(run)).filter((line) => line.startsWith("row "));
}

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

Deno.test("verifyRun() names an extra row, a row too few and rows in another order", async () => {
  using small = await smallRun();
  using run = await openRun(small.directory);
  const ids = (await Array.fromAsync(run.rows({ split: "train" }))).map(({ id }) => id);
  const original = Deno.readFileSync(join(small.directory, FIRST));
  const restore = () => Deno.writeFileSync(join(small.directory, FIRST), original);

  const twice = await rowProblems(small, (rows) => [...rows, ...rows.slice(0, 1)]);
  assert.deepEqual(twice, [`row ${FIRST} 4 ${ids[0]} it stands twice, or too late`]);
  restore();
  const unknown = await rowProblems(small, (rows) => [{ ...rows[0], id: "new" }, ...rows]);
  assert.deepEqual(unknown, [`row ${FIRST} 1 new the plan has no such id`]);
  restore();
  const moved = await rowProblems(small, (rows) => [...rows, { ...rows[0], id: ids[4] }]);
  assert.deepEqual(moved, [`row ${FIRST} 4 ${ids[4]} it belongs into '${SECOND}'`]);
  restore();
  const fewer = await rowProblems(small, (rows) => rows.slice(1));
  assert.deepEqual(fewer, [
    `row ${FIRST} 1 ${ids[1]} the row of '${ids[0]}' is missing before it`,
  ]);
  restore();
  const shorter = await rowProblems(small, (rows) => rows.slice(0, 1));
  assert.deepEqual(shorter, [
    `row ${FIRST} the row of '${ids[1]}' and 1 more is missing at its end`,
  ]);
});

Deno.test("verifyRun() finds an id that stands twice without a ledger too", async () => {
  using small = await smallRun();
  Deno.removeSync(join(small.directory, ".speechmill"), { recursive: true });
  const problems = await rowProblems(small, (rows) => [...rows, ...rows.slice(0, 1)]);
  assert.equal(problems.length, 1);
  assert.match(
    problems[0] ?? "",
    /^row data\/train-00000\S+ 4 \S+ an earlier row has the same id$/,
  );
});

const BAD_ROWS: readonly { readonly name: string; change: (row: Row) => Row; found: RegExp }[] = [
  {
    name: "a missing column",
    change: ({ speaker: _, ...row }) => row,
    found: /it has no column 'speaker'$/,
  },
  {
    name: "a further column",
    change: (row) => ({ ...row, mood: "glad" }),
    found: /it has a column 'mood' that the manifest does not name$/,
  },
  {
    name: "columns in another order",
    change: ({ id, ...row }) => ({ ...row, id }),
    found: /its columns are in another order than in the manifest$/,
  },
  {
    name: "a code beyond the codebook",
    change: (row) => withCodes(row, (codes) => [1024, ...codes.slice(1)]),
    found: /code 1 of its bundled_layer_2 is 1024, the codebook has 1024 entries$/,
  },
  {
    name: "a code that is no integer",
    change: (row) => withCodes(row, (codes) => [...codes.slice(1), 0.5]),
    found: /of its bundled_layer_2 is 0\.5,/,
  },
  {
    name: "a layer too short",
    change: (row) => withCodes(row, (codes) => codes.slice(1)),
    found: /its bundled_layer_2 has \d+ codes where \d+ samples make \d+$/,
  },
  {
    name: "a wrong encoded_len",
    change: (row) => ({ ...row, encoded_len: 1 }),
    found: /its encoded_len is 1, its last layer has \d+ codes$/,
  },
  {
    name: "another sample rate",
    change: (row) => ({ ...row, sample_rate: 8000 }),
    found: /its sample_rate is 8000, the codec takes 16000 Hz$/,
  },
  {
    name: "no samples",
    change: (row) => ({ ...row, num_samples: 0 }),
    found: /its num_samples is 0$/,
  },
  {
    name: "text that is none",
    change: (row) => ({ ...row, text: 7 }),
    found: /its text is 7$/,
  },
  {
    name: "a constant that is none",
    change: (row) => ({ ...row, corpus: ["a"] }),
    found: /its corpus is \["a"\]$/,
  },
];

function withCodes(row: Row, change: (codes: number[]) => number[]): Row {
  const codes = row["bundled_layer_2"];
  assert.ok(Array.isArray(codes));
  return { ...row, bundled_layer_2: change(codes) };
}

Deno.test("verifyRun() finds a row with", async (t) => {
  using small = await smallRun();
  const original = Deno.readFileSync(join(small.directory, FIRST));
  for (const { name, change, found } of BAD_ROWS) {
    await t.step(name, async () => {
      Deno.writeFileSync(join(small.directory, FIRST), original);
      const problems = await rowProblems(
        small,
        (rows) => rows.map((row, i) => i === 1 ? change(row) : row),
      );
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", found);
      assert.match(problems[0] ?? "", new RegExp(`^row ${FIRST} 2 `));
    });
  }
});

Deno.test("verifyRun() names a few of many bad rows and counts the rest", async () => {
  using small = await smallRun({ shardSize: 20, valRatio: 0 });
  rewrite(
    small,
    "data/train-00000-of-00001.jsonl.gz",
    (rows) => rows.map((row) => ({ ...row, sample_rate: 1 })),
  );
  const rows = (await problemsOf(small)).filter((line) => line.startsWith("row "));
  assert.equal(rows.length, 6);
  assert.match(rows[5] ?? "", /7 further rows have problems$/);
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

Deno.test("verifyRun() encodes a share of the rows once more", async () => {
  using small = await smallRun();
  const whole = await verify(small, { rebatch: 1 });
  assert.equal(whole.rebatch?.samples, CLIPS.length);
  assert.deepEqual([whole.rebatch?.mismatches, whole.rebatch?.rate, whole.ok], [0, 0, true]);
  assert.ok((whole.rebatch?.tokens ?? 0) > 1000);
  const part = await verify(small, { rebatch: 0.4 });
  assert.ok((part.rebatch?.samples ?? 0) >= 1 && (part.rebatch?.samples ?? 0) < CLIPS.length);
  assert.equal((await verify(small, { rebatch: 1e-6 })).rebatch?.samples, 1);
});

Deno.test("verifyRun() counts the tokens that differ from those of the clip alone", async () => {
  using small = await smallRun({ shardSize: 20, valRatio: 0 });
  rewrite(
    small,
    "data/train-00000-of-00001.jsonl.gz",
    (rows) =>
      rows.map((row, i) =>
        i === 3 ? withCodes(row, ([first = 0, ...rest]) => [(first + 1) % 1024, ...rest]) : row
      ),
  );
  const { rebatch, problems } = await verify(small, { rebatch: 1 });
  assert.equal(rebatch?.mismatches, 1);
  assert.equal(rebatch?.rate, 1 / (rebatch?.tokens ?? 0));
  const found = problems.filter(({ kind }) => kind === "rebatch");
  assert.equal(found.length, 1);
  assert.deepEqual([found[0]?.row, found[0]?.id], [4, "3_george_0"]);
  assert.match(
    found[0]?.problem ?? "",
    /^1 of \d+ tokens differ from those of the clip encoded alone$/,
  );
});

Deno.test("verifyRun() says which clip could not be encoded once more", async () => {
  using small = await smallRun({ samples: [{ id: "a", clip: "0_george_0" }], valRatio: 0 });
  const problems = await problemsOf(small, {
    rebatch: 1,
    decodeAudio: () => {
      throw new Error("the disk is gone");
    },
  });
  assert.equal(problems.length, 1);
  assert.match(
    problems[0] ?? "",
    /^rebatch data\/train\S+ a it cannot be encoded once more: the disk is gone$/,
  );
});

Deno.test("verifyRun() refuses to encode with another model, or without a ledger", async () => {
  using small = await smallRun();
  const other: typeof loadCodec = async (name, options) =>
    Object.assign(await loadCodec(name, options), { digest: "0".repeat(64) });
  await assert.rejects(verify(small, { rebatch: 1, loadCodec: other }), RunConflictError);
  Deno.removeSync(join(small.directory, ".speechmill"), { recursive: true });
  await assert.rejects(verify(small, { rebatch: 1 }), UsageError);
});

Deno.test("verifyRun() refuses a share that is none", async () => {
  using small = await smallRun();
  await assert.rejects(verify(small, { subset: 0 }), UsageError);
  await assert.rejects(verify(small, { rebatch: 2 }), UsageError);
});

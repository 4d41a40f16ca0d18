import assert from "node:assert/strict";
import { join } from "node:path";
import { openRun } from "../../lib/open_run.ts";
import { smallRun } from "../support/small_run.ts";
import { FIRST, problemsOf, rewrite, type Row, rowProblems, SECOND, withCodes } from "./fixture.ts";

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
    found: /token 1 of its bundled_layer_2 is 1024, ids are 0 to 1023$/,
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

import assert from "node:assert/strict";
import { join } from "node:path";
import { openRun } from "../../lib/open_run.ts";
import { verifyRun } from "../../lib/verify.ts";
import type { ShardFormat } from "../../lib/shards/format.ts";
import { FORMATS } from "../support/shards.ts";
import { CLIPS, smallRun } from "../support/small_run.ts";

const samples = CLIPS.map((clip, i) => ({ id: `clips/${i}.flac`, clip }));

/** The rows of a run, and what is found wrong with it once `harm` was done to it. */
async function runIn(format: ShardFormat, harm: (directory: string) => void = () => {}) {
  using small = await smallRun({ samples, format });
  using run = await openRun(small.directory);
  const rows = await Array.fromAsync(run.rows(), ({ raw }) => raw);
  const row = await run.row("clips/3.flac");
  harm(small.directory);
  const problems: string[] = [];
  for await (const event of verifyRun(small.directory)) {
    if (event.type === "problem") problems.push(`${event.problem.file} ${event.problem.problem}`);
  }
  return { rows, row, problems };
}

Deno.test("a run has the same rows in every format, and verifyRun() finds each whole", async () => {
  const [first, ...others] = await Promise.all(
    [...FORMATS.values()].map((format) => runIn(format)),
  );
  assert.equal(first?.rows.length, samples.length);
  assert.deepEqual(first?.problems, []);
  for (const other of others) assert.deepEqual(other, first);
});

Deno.test("verifyRun() names the .npy file that was damaged, and one that is missing", async () => {
  const format = FORMATS.get("npy");
  assert.ok(format);
  const { problems } = await runIn(format, (directory) => {
    const data = join(directory, "data");
    const [first = "", second = ""] = [...Deno.readDirSync(data)]
      .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
    const [array] = [...Deno.readDirSync(join(data, first))].map(({ name }) => name).sort();
    const path = join(data, first, array ?? "");
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
    Deno.removeSync(join(data, second), { recursive: true });
    Deno.mkdirSync(join(data, "train-00009-of-00003"));
  });
  const [stray = "", damaged = "", missing = "", ...others] = problems;
  assert.match(stray, /^data\/train-00009-of-00003 the run did not seal this/);
  assert.match(damaged, /after row 0: the SHA-256 of 'train-00000-of-\d+\/.*npy' is /);
  assert.match(missing, /npy.jsonl it ends badly: .*after row 0: No such file/);
  assert.deepEqual(others, []);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { RunConflictError, SpeechmillError, UsageError } from "../../lib/errors.ts";
import { checkCopyTarget, copyDataset } from "../../lib/publish/local_copy.ts";
import { readManifest } from "../../lib/reading/manifest.ts";
import { openRun } from "../../lib/open_run.ts";
import { temporaryDirectory } from "../support/run_once.ts";
import { smallRun } from "../support/small_run.ts";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("copyDataset() makes a folder that holds the dataset alone, as links", async () => {
  using small = await smallRun({});
  using other = temporaryDirectory();
  const folder = join(other.path, "dataset");
  await copyDataset(small.directory, folder);
  assert.ok(!names(folder).includes(".speechmill"));
  assert.deepEqual(names(join(folder, "data")), names(join(small.directory, "data")));
  using run = await openRun(folder);
  using original = await openRun(small.directory);
  assert.deepEqual(await Array.fromAsync(run.rows()), await Array.fromAsync(original.rows()));
  const [file] = names(join(folder, "data"));
  assert.equal(
    Deno.statSync(join(folder, "data", file ?? "")).ino,
    Deno.statSync(join(small.directory, "data", file ?? "")).ino,
  );
});

Deno.test("copyDataset() copies where there are no links, goes on after a full disk, drops stale shards", async () => {
  using small = await smallRun({});
  using other = temporaryDirectory();
  const folder = join(other.path, "dataset");
  const link = () => {
    throw new Error("no links here");
  };
  let copies = 0;
  const copy = (from: string, to: string) => {
    if (++copies === 3) throw new Error("No space left on device (os error 28)");
    Deno.copyFileSync(from, to);
  };
  await assert.rejects(copyDataset(small.directory, folder, { link, copy }), (error) => {
    assert.ok(error instanceof SpeechmillError);
    assert.match(
      error.message,
      /No space left .*: the run itself is whole: make room, then 'speechmill resume/,
    );
    return true;
  });
  Deno.writeTextFileSync(join(folder, "data", "train-00007-of-00009.jsonl.gz"), "stale");
  Deno.writeTextFileSync(join(folder, "notes.txt"), "the user's own");
  await copyDataset(small.directory, folder, { link, copy: Deno.copyFileSync });
  assert.deepEqual(names(join(folder, "data")), names(join(small.directory, "data")));
  assert.ok(names(folder).includes("notes.txt"));
});

Deno.test("checkCopyTarget() refuses the run itself, a file, foreign files and another run's dataset", async () => {
  using small = await smallRun({});
  using other = temporaryDirectory();
  const { config_digest: digest } = await readManifest(small.directory);
  const { directory } = small;
  const check = (folder: string, whose = digest) =>
    checkCopyTarget(folder, { directory, digest: whose });
  assert.throws(() => check(`${directory}/.`), UsageError);
  const file = join(other.path, "file");
  Deno.writeTextFileSync(file, "");
  assert.throws(() => check(file), UsageError);
  assert.throws(() => check(other.path), RunConflictError);
  const folder = join(other.path, "dataset");
  check(folder);
  await copyDataset(directory, folder);
  check(folder);
  assert.throws(() => check(folder, "another"), /holds the dataset of another run/);
});

Deno.test("checkCopyTarget() refuses a folder among the run's own before there is one", () => {
  using other = temporaryDirectory();
  const check = (folder: string, run: string) =>
    checkCopyTarget(join(other.path, folder), { directory: join(other.path, run), digest: "" });
  assert.throws(() => check("run/data", "run"), UsageError);
  assert.throws(() => check("run/data/copy", "run"), UsageError);
  assert.throws(() => check("run/.speechmill/copy", "run"), UsageError);
  assert.throws(() => check("out", "out/data/run"), UsageError);
  check("run/copy", "run");
  check("run2", "run");
});

Deno.test("copyDataset() saves to the folder that the run lies in, if nothing else does", async () => {
  using small = await smallRun({});
  const folder = join(small.directory, "..");
  const [run = "", ...others] = names(folder);
  assert.ok(small.directory.endsWith(run) && others.length === 0, `${[run, ...others]}`);
  await copyDataset(small.directory, folder);
  assert.ok(names(folder).includes("README.md"));
  await copyDataset(small.directory, folder);
});

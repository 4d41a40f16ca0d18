import assert from "node:assert/strict";
import { join } from "node:path";
import { RunConflictError, SpeechmillError, UsageError } from "../../lib/errors.ts";
import { realFileSystem } from "../../lib/fs.ts";
import { lockOwner } from "../../lib/run/lock_owner.ts";
import {
  discardTemporaryFiles,
  freeBytes,
  isNetworkFileSystem,
  lockRun,
  makeRunDirectory,
  requireRun,
  runPaths,
} from "../../lib/run/run_directory.ts";
import { manySamples } from "../support/list_source.ts";
import { runOnce, temporaryDirectory } from "../support/run_once.ts";

Deno.test("lockRun() names the process that holds the run, and lets go when it is disposed of", () => {
  using directory = temporaryDirectory();
  const paths = runPaths(directory.path);
  makeRunDirectory(realFileSystem, paths);
  {
    using _lock = lockRun(paths);
    const owner = `process ${Deno.pid} on ${Deno.hostname()}`;
    assert.equal(lockOwner(paths.lock), owner);
    assert.throws(
      () => lockRun(paths),
      (error) =>
        error instanceof RunConflictError && error.message.includes(`works in it (${owner})`),
    );
  }
  assert.equal(lockOwner(paths.lock), null);
  using _again = lockRun(paths);
});

Deno.test("lockRun() takes over the lock file of a process that is gone", () => {
  using directory = temporaryDirectory();
  const paths = runPaths(directory.path);
  makeRunDirectory(realFileSystem, paths);
  Deno.writeTextFileSync(paths.lock, "process 1 on a machine with a very long name\n");
  using _lock = lockRun(paths);
  assert.equal(Deno.readTextFileSync(paths.lock), `process ${Deno.pid} on ${Deno.hostname()}\n`);
});

Deno.test("lockOwner() is null where there is no run", () => {
  assert.equal(lockOwner("/no/such/lock"), null);
});

Deno.test("a run is not begun over files that it would replace", async () => {
  for (const name of ["README.md", "manifest.json", "stats.json", "failed.jsonl"]) {
    using directory = temporaryDirectory();
    Deno.writeTextFileSync(join(directory.path, name), "precious");
    await assert.rejects(
      () => runOnce(directory.path),
      (error) =>
        error instanceof RunConflictError &&
        error.message.includes(`already holds a '${name}' of something else`),
    );
    assert.equal(Deno.readTextFileSync(join(directory.path, name)), "precious");
  }
});

Deno.test("makeRunDirectory() refuses a file that the job would replace, but for the run's own", () => {
  using directory = temporaryDirectory();
  const paths = runPaths(directory.path);
  const file = join(directory.path, "vocabulary.json");
  Deno.writeTextFileSync(file, "a tokenizer's");
  const make = () => makeRunDirectory(realFileSystem, paths, ["vocabulary.json"]);
  assert.throws(make, /^RunConflictError: .* already holds a 'vocabulary.json' of something else/);
  Deno.removeSync(file);
  make();
  Deno.writeTextFileSync(paths.config, "{}");
  Deno.writeTextFileSync(file, "the run's");
  make();
});

Deno.test("discardTemporaryFiles() removes what a run left half-written, and nothing else", () => {
  using directory = temporaryDirectory();
  const paths = runPaths(directory.path);
  makeRunDirectory(realFileSystem, paths);
  const ours = [
    join(paths.data, "train-00000-of-00001.jsonl.gz.tmp"),
    ...[paths.manifest, paths.stats, paths.failed, paths.card, paths.config].map((p) => `${p}.tmp`),
  ];
  const others = [join(directory.path, "thesis.tmp"), join(paths.data, "train.jsonl.gz")];
  for (const path of [...ours, ...others]) Deno.writeTextFileSync(path, "");
  discardTemporaryFiles(realFileSystem, paths);
  const left = [...ours, ...others].filter((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  assert.deepEqual(left, others);
});

Deno.test("discardTemporaryFiles() removes the folders of shards in the making, and no other", () => {
  using directory = temporaryDirectory();
  const paths = runPaths(directory.path);
  makeRunDirectory(realFileSystem, paths);
  const names = ["train-00000-of-00001.tmp", "validation-00000-of-00001.old.tmp"];
  const others = ["thesis.tmp", "train-00000-of-00001"];
  for (const name of [...names, ...others]) {
    Deno.mkdirSync(join(paths.data, name));
    Deno.writeTextFileSync(join(paths.data, name, "a.codes.npy"), "");
  }
  discardTemporaryFiles(realFileSystem, paths);
  const left = [...Deno.readDirSync(paths.data)].map(({ name }) => name);
  assert.deepEqual(left.sort(), others);
});

Deno.test("a run that does not fit on the disk is refused before any worker starts", async () => {
  using directory = temporaryDirectory();
  const spawner = {
    spawn: (name: string) => {
      throw new Error(`Spawned ${name}`);
    },
  };
  await assert.rejects(
    () => runOnce(directory.path, { samples: manySamples(4), spawner, freeBytes: () => 1e6 }),
    (error) =>
      error instanceof SpeechmillError &&
      /needs about 68 MB, 1 MB are free: make room, or choose another --output/.test(error.message),
  );
  // Where the disk cannot be asked, the run goes on.
  const { summary } = await runOnce(directory.path, {
    samples: manySamples(4),
    freeBytes: () => null,
  });
  assert.equal(summary.done, 4);
});

Deno.test("freeBytes() asks the file system of a folder, and gives null where there is none", () => {
  assert.ok((freeBytes("/") ?? -1) >= 0);
  assert.equal(freeBytes("/no/such/folder"), null);
});

Deno.test("isNetworkFileSystem() knows what other machines may share", () => {
  const shared = { nfs: 0x6969, cifs: 0xff534d42, lustre: 0x0bd00bd0, fuse: 0x65735546 };
  const signed = { cifs: 0xff534d42 | 0, smb2: 0xfe534d42 | 0, ninep: 0x01021997n };
  for (const [name, type] of [...Object.entries(shared), ...Object.entries(signed)]) {
    assert.ok(isNetworkFileSystem("/", () => type), name);
  }
  const local = { ext4: 0xef53, tmpfs: 0x01021994, xfs: 0x58465342, overlay: 0x794c7630 };
  for (const [name, type] of Object.entries(local)) {
    assert.ok(!isNetworkFileSystem("/", () => type), name);
  }
  assert.ok(!isNetworkFileSystem("/no/such/folder"));
});

Deno.test("a ledger may lie in a folder of its own, which is made", async () => {
  using directory = temporaryDirectory();
  const run = join(directory.path, "run");
  const ledger = join(directory.path, "fast", "disk", "ledger.db");
  const { summary } = await runOnce(run, { paths: runPaths(run, ledger) });
  assert.equal(summary.done, 10);
  assert.ok(Deno.statSync(ledger).isFile);
});

Deno.test("requireRun() says whether the folder or the run is missing", () => {
  using directory = temporaryDirectory();
  const refuses = (path: string, why: RegExp) =>
    assert.throws(
      () => requireRun(path),
      (error) => error instanceof UsageError && why.test(error.message),
    );
  refuses(directory.path, /it holds no run: name the output folder/);
  refuses(join(directory.path, "typo"), /there is no such folder/);
});

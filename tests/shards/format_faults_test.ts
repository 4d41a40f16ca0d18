import assert from "node:assert/strict";
import { temporaryDirectory } from "../support/temporary_directory.ts";
import { type Fault, FaultyFileSystem, Killed } from "../support/faulty_fs.ts";
import { FORMATS, publishedFiles, sealTable, SMALL, type Table } from "../support/shards.ts";
import { unsyncedFileSystem } from "../support/unsynced_fs.ts";
import type { ShardFormat } from "../../lib/shards/format.ts";

const DISK_FULL = Object.assign(new Error("No space left on device (os error 28)"), {
  code: "ENOSPC",
});

/** What an attempt finds: an empty folder, or all that one before it wrote. */
const BEFORE: Readonly<Record<string, Table | null>> = { nothing: null, "the same shard": SMALL };

/** Operations of sealing that is not disturbed, and what it publishes. */
async function quiet(format: ShardFormat, before: Table | null) {
  using directory = temporaryDirectory();
  if (before !== null) await sealTable(before, { format, directory: directory.path });
  const fs = new FaultyFileSystem(Infinity, { kind: "kill" }, unsyncedFileSystem);
  await sealTable(SMALL, { format, directory: directory.path, fs });
  return { operations: fs.operations, published: publishedFiles(directory.path) };
}

/** What is there under a final name is whole, and an index is there with its files or not at all. */
function assertNothingHalf(directory: string, published: Record<string, string>): void {
  const found = publishedFiles(directory);
  for (const [path, bytes] of Object.entries(found)) assert.equal(bytes, published[path], path);
  const folders = new Set(Object.keys(published).filter((path) => path.includes("/")));
  const inFolder = Object.keys(found).filter((path) => folders.has(path)).length;
  assert.ok(inFolder === 0 || inFolder === folders.size, "the folder is whole or not there");
  const hasIndex = Object.keys(found).some((path) => !path.includes("/"));
  if (hasIndex) assert.equal(inFolder, folders.size, "the index has its files");
}

/** Strikes at each operation in turn; sealing once more must mend everything. */
async function strikeEverywhere(format: ShardFormat, fault: Fault, before: Table | null) {
  const { operations, published } = await quiet(format, before);
  for (let at = 1; at <= operations; at++) {
    using directory = temporaryDirectory();
    const options = { format, directory: directory.path };
    if (before !== null) await sealTable(before, options);
    const fs = new FaultyFileSystem(at, fault, unsyncedFileSystem);
    await assert.rejects(
      () => sealTable(SMALL, { ...options, fs }),
      (error: unknown) => error instanceof Killed || error === DISK_FULL,
      `operation ${at} of ${operations} is not passed over`,
    );
    assertNothingHalf(directory.path, published);
    await sealTable(SMALL, options);
    assert.deepEqual(publishedFiles(directory.path), published, `after operation ${at}`);
    const left = [...Deno.readDirSync(directory.path)].filter(({ name }) => name.endsWith(".tmp"));
    assert.deepEqual(left, [], `after operation ${at}`);
  }
}

for (const [name, format] of FORMATS) {
  for (const [found, before] of Object.entries(BEFORE)) {
    Deno.test(`${name} is whole or not there at any failing operation, where there was ${found}`, async () => {
      await strikeEverywhere(format, { kind: "kill" }, before);
      await strikeEverywhere(format, { kind: "torn" }, before);
      await strikeEverywhere(format, { kind: "error", error: DISK_FULL }, before);
    });
  }
}

import assert from "node:assert/strict";
import { join } from "node:path";
import { type Fault, FaultyFileSystem, Killed } from "../support/faulty_fs.ts";
import { manySamples } from "../support/list_source.ts";
import { publishedBytes, runOnce, temporaryDirectory } from "../support/run_once.ts";

const samples = manySamples(8);
const diskFull = Object.assign(new Error("No space left on device (os error 28)"), {
  code: "ENOSPC",
});

/** How many operations a quiet run takes, and what it publishes. */
async function quietRun(): Promise<{ operations: number; published: Record<string, string> }> {
  using directory = temporaryDirectory();
  const fs = new FaultyFileSystem(Infinity, { kind: "kill" });
  await runOnce(directory.path, { samples, fs });
  return { operations: fs.operations, published: publishedBytes(directory.path) };
}

/** Whatever lies under a final name must be whole: it must be what the quiet run publishes. */
function assertNoHalfFile(directory: string, published: Record<string, string>): void {
  const data = join(directory, "data");
  for (const { name } of listIfThere(data)) {
    if (name.endsWith(".tmp")) continue;
    assert.equal(Deno.readFileSync(join(data, name)).toHex(), published[name], `${name} is whole`);
  }
  for (const name of ["manifest.json", "stats.json"]) {
    if (listIfThere(directory).some((entry) => entry.name === name)) {
      JSON.parse(Deno.readTextFileSync(join(directory, name)));
    }
  }
}

function listIfThere(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch {
    return [];
  }
}

/** Strikes at every operation in turn; after each, one more session must mend everything. */
async function strikeEverywhere(fault: Fault): Promise<number> {
  const { operations, published } = await quietRun();
  for (let at = 1; at <= operations; at++) {
    using directory = temporaryDirectory();
    const fs = new FaultyFileSystem(at, fault);
    await assert.rejects(
      () => runOnce(directory.path, { samples, fs }),
      (error: unknown) => error instanceof Killed || error === diskFull,
      `operation ${at} of ${operations} is not passed over`,
    );
    assertNoHalfFile(directory.path, published);
    const { summary } = await runOnce(directory.path, { samples });
    assert.equal(summary.done, samples.length);
    assert.deepEqual(publishedBytes(directory.path), published, `after a fault at operation ${at}`);
  }
  return operations;
}

Deno.test("a run killed at any of its file operations is made whole by the next session", async () => {
  assert.ok(await strikeEverywhere({ kind: "kill" }) > 20);
});

Deno.test("a write torn at any of the file operations never shows under a final name", async () => {
  await strikeEverywhere({ kind: "torn" });
});

Deno.test("a disk that is full at any of the file operations ends the run, and loses nothing done", async () => {
  await strikeEverywhere({ kind: "error", error: diskFull });
});

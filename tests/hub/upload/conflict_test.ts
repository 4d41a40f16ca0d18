/** Repositories that hold files of something else. */
import assert from "node:assert/strict";
import { RunConflictError } from "../../../lib/errors.ts";
import { checkUploadTarget } from "../../../lib/upload_run.ts";
import { bytesOf, type HubFile } from "../../support/hub_server.ts";
import { TARGET, UploadSessionOfTest } from "../../support/upload_session.ts";

const STALE = "data/train-00000-of-00009.jsonl.gz";

function small(text: string): HubFile {
  return { content: bytesOf(text), large: false };
}

/** Files of a run of another config. */
const OTHER_RUN = {
  "manifest.json": small(JSON.stringify({ config_digest: "another" })),
  "README.md": small("another card"),
  [STALE]: small("another shard"),
  "notes.txt": small("nobody's business"),
};

function differencesOf(error: unknown): readonly string[] {
  assert.ok(error instanceof RunConflictError, String(error));
  assert.match(error.message, /^Cannot upload to 'user\/digits': it holds files of something else/);
  return error.differences;
}

Deno.test("uploadRun() refuses a repository with the manifest of another run", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.make(TARGET, OTHER_RUN);
  const before = session.remote();
  await assert.rejects(session.upload(), (error) => {
    assert.deepEqual(differencesOf(error), [
      "'manifest.json' is that of another run, or of none",
      `'${STALE}' is no file of this run`,
    ]);
    return true;
  });
  assert.deepEqual(session.remote(), before);
});

Deno.test("uploadRun() replaces the files of another run where it is told to, and no others", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.make(TARGET, OTHER_RUN);
  await session.upload({ replace: true });
  const { ".gitattributes": _, "notes.txt": notes, ...files } = session.remote();
  assert.ok(notes !== undefined);
  assert.deepEqual(files, session.local());
  const count = Object.keys(files).length;
  assert.deepEqual(session.history(), [`Upload ${count} files, remove 1 file with speechmill`]);
});

Deno.test("uploadRun() refuses names of ours with another content, and a manifest that is none", async () => {
  for (
    const [files, difference] of [
      [{ "README.md": small("my card") }, "'README.md' has another content"],
      [{ "manifest.json": small("{}") }, "'manifest.json' is that of another run, or of none"],
      [{ [STALE]: small("x") }, `'${STALE}' is no file of this run`],
    ] as const
  ) {
    await using session = await UploadSessionOfTest.open();
    session.server.uploads.make(TARGET, { ...files });
    await assert.rejects(session.upload(), (error) => {
      assert.deepEqual(differencesOf(error), [difference]);
      return true;
    });
  }
});

Deno.test("uploadRun() replaces an earlier state of the same run", async () => {
  await using session = await UploadSessionOfTest.open();
  await session.upload();
  const stats = `${session.directory}/stats.json`;
  Deno.writeTextFileSync(stats, Deno.readTextFileSync(stats) + "\n");
  await session.upload();
  const { ".gitattributes": _, ...files } = session.remote();
  assert.deepEqual(files, session.local());
  assert.equal(session.history().at(-1), "Upload 1 file with speechmill");
});

Deno.test("checkUploadTarget() finds files of something else before there is a run", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.make(TARGET, OTHER_RUN);
  const check = (digest: string, replace = false) =>
    checkUploadTarget(TARGET, { ...session.options, digest, replace });
  await assert.rejects(check("ours"), (error) => {
    assert.deepEqual(differencesOf(error), ["'manifest.json' is that of another run, or of none"]);
    return true;
  });
  const url = `${session.server.endpoint}/datasets/${TARGET}`;
  assert.deepEqual(await check("another"), { url });
  assert.deepEqual(await check("ours", true), { url });
});

Deno.test("checkUploadTarget() knows the shards of an earlier session, and no others", async () => {
  await using session = await UploadSessionOfTest.open();
  const [name = ""] = Object.keys(session.local()).filter((name) => name.startsWith("data/"));
  const content = Deno.readFileSync(`${session.directory}/${name}`);
  session.server.uploads.make(TARGET, { [name]: { content, large: true } });
  const options = { ...session.options, digest: "ours" };
  const { directory } = session;
  await checkUploadTarget(TARGET, { ...options, directory });
  await assert.rejects(checkUploadTarget(TARGET, options), (error) => {
    assert.deepEqual(differencesOf(error), [`'${name}' is no file of this run`]);
    return true;
  });
  session.server.uploads.make(TARGET, { "README.md": small("my card") });
  await assert.rejects(checkUploadTarget(TARGET, { ...options, directory }), /README\.md/);
});

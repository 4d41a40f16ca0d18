import assert from "node:assert/strict";
import { StoppedError } from "../lib/errors.ts";
import { lockRun } from "../lib/run/run_directory.ts";
import { bytesOf } from "./support/hub_server.ts";
import { TARGET, UploadSessionOfTest } from "./support/upload_session.ts";

const ATTRIBUTES = ".gitattributes";

function withoutAttributes(files: Record<string, string>): Record<string, string> {
  const { [ATTRIBUTES]: _, ...others } = files;
  return others;
}

Deno.test("uploadRun() makes a private repository that holds the dataset of a run", async () => {
  await using session = await UploadSessionOfTest.open({ reject: true });
  const events = await session.upload();
  assert.deepEqual(withoutAttributes(session.remote()), session.local());
  assert.equal(session.server.uploads.repositories.get(TARGET)?.isPrivate, true);
  const files = Object.keys(session.local()).length;
  assert.deepEqual(session.history(), [`Upload ${files} files with speechmill`]);
  const told = events.filter(({ type }) => type !== "uploading").map(({ type }) => type);
  assert.deepEqual(told, ["creating", "comparing", "committed", "verified", "finished"]);
  const sizes = Object.keys(session.local()).map((name) =>
    Deno.statSync(`${session.directory}/${name}`).size
  );
  assert.deepEqual(events.at(-1), {
    ...{ type: "finished", files, bytes: sizes.reduce((sum, size) => sum + size) },
    ...{ skipped: 0, commits: 1, url: `${session.server.endpoint}/datasets/${TARGET}` },
  });
});

Deno.test("uploadRun() tells how many of all bytes were sent", async () => {
  await using session = await UploadSessionOfTest.open();
  const events = (await session.upload()).filter((event) => event.type === "uploading");
  const data = Object.keys(session.local()).filter((name) => name.startsWith("data/"));
  assert.deepEqual(events.map(({ file }) => file).sort(), data);
  const counts = events.map(({ bytes }) => bytes);
  assert.deepEqual(counts, counts.toSorted((a, b) => a - b));
  assert.ok(events.every(({ bytes, total }) => bytes > 0 && bytes <= total));
});

Deno.test("uploadRun() uploads nothing that is there already", async () => {
  await using session = await UploadSessionOfTest.open();
  await session.upload();
  const stored = session.server.uploads.store.stored.length;
  const events = await session.upload();
  assert.equal(session.server.uploads.store.stored.length, stored);
  assert.equal(session.history().length, 1);
  const end = events.at(-1);
  assert.ok(end?.type === "finished" && end.files === 0 && end.commits === 0);
  assert.equal(end.skipped, Object.keys(session.local()).length);
});

Deno.test("uploadRun() makes a public repository where it is told to, and leaves others as they are", async () => {
  await using session = await UploadSessionOfTest.open();
  await session.upload({ isPublic: true }, "team/public");
  assert.equal(session.server.uploads.repositories.get("team/public")?.isPrivate, false);
  await session.upload({ isPublic: false }, "team/public");
  assert.equal(session.server.uploads.repositories.get("team/public")?.isPrivate, false);
});

Deno.test("uploadRun() leaves the files of others alone", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.make(TARGET, {
    "notes.txt": { content: bytesOf("mine"), large: false },
    "data/extra.jsonl": { content: bytesOf("{}"), large: false },
  });
  await session.upload();
  const { "notes.txt": notes, "data/extra.jsonl": extra, ...files } = session.remote();
  assert.ok(notes !== undefined && extra !== undefined);
  assert.deepEqual(withoutAttributes(files), session.local());
});

Deno.test("uploadRun() sends large files in parts where the Hub asks for them", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.store.partBytes = 200;
  await session.upload();
  assert.deepEqual(withoutAttributes(session.remote()), session.local());
  assert.ok(session.requests("PUT", /^\/parts\//) > 8);
  assert.equal(session.requests("PUT", /^\/lfs\//), 0);
});

Deno.test("uploadRun() reads listings of several pages", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.datasets.pageSize = 2;
  await session.upload();
  assert.equal((await session.upload()).at(-1)?.type, "finished");
  assert.equal(session.history().length, 1);
});

Deno.test("uploadRun() falls back to LFS where Xet fails, and says so", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.offersXet = true;
  const events = await session.upload();
  assert.deepEqual(withoutAttributes(session.remote()), session.local());
  assert.match(
    events.flatMap((event) => event.type === "warning" ? [event.message] : []).join("\n"),
    /^The Hub's Xet store fails \(.*\): going on with LFS$/,
  );
  assert.equal(session.history().length, 1);
});

Deno.test("uploadRun() stops when it is asked to, and goes on from there", async () => {
  await using session = await UploadSessionOfTest.open();
  const stop = new AbortController();
  session.server.faults.push((seen) => {
    if (!seen.path.endsWith("/commit/main")) return null;
    stop.abort("asked to by a signal");
    return new Response(null, { status: 503 });
  });
  await assert.rejects(session.upload({ signal: stop.signal }), (error) => {
    assert.ok(error instanceof StoppedError);
    assert.equal(
      error.message,
      `Cannot finish the upload to '${TARGET}': it was asked to stop; what is there stays, run ` +
        "the command again to go on",
    );
    return true;
  });
  const stored = session.server.uploads.store.stored.length;
  await session.upload();
  assert.equal(session.server.uploads.store.stored.length, stored);
  assert.deepEqual(withoutAttributes(session.remote()), session.local());
});

Deno.test("uploadRun() ends its requests when nobody listens any more", async () => {
  await using session = await UploadSessionOfTest.open();
  const { uploadRun } = await import("../lib/upload_run.ts");
  for await (const { type } of uploadRun(session.directory, TARGET, session.options)) {
    if (type === "comparing") break;
  }
  assert.deepEqual(session.history(), []);
});

Deno.test("uploadRun() refuses a run that another process works in", async () => {
  await using session = await UploadSessionOfTest.open();
  using _lock = lockRun(session.run.paths);
  await assert.rejects(session.upload(), /RunConflictError: Cannot upload the run .*works in it/);
  assert.equal(session.server.seen.length, 0);
});

Deno.test("uploadRun() commits nothing of a run whose files are damaged", async () => {
  await using session = await UploadSessionOfTest.open();
  const name = Object.keys(session.local()).find((name) => name.startsWith("data/"));
  const path = `${session.directory}/${name}`;
  const bytes = Deno.readFileSync(path);
  bytes[9] = 255 - (bytes[9] ?? 0);
  Deno.writeFileSync(path, bytes);
  await assert.rejects(session.upload(), new RegExp(`${name}'.*is not what the manifest states`));
  assert.deepEqual(session.history(), []);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { openModelRepository } from "../../lib/hub/model_repository.ts";
import type { DownloadProgress } from "../../lib/hub/repository.ts";
import { COMMIT, etagOf, REPOSITORY } from "../support/hub_server.ts";
import { HubSession } from "../support/hub_session.ts";

Deno.test("openModelRepository() resolves the revision once and takes files of that commit", async () => {
  await using session = new HubSession();
  session.add("b.bin", "large");
  session.add("a/config 1.json", "{}", false);
  const repository = await openModelRepository(REPOSITORY, {
    environment: (name) => session.variables.get(name),
  });
  assert.equal(repository.id, REPOSITORY);
  assert.equal(repository.commit, COMMIT);
  assert.deepEqual(repository.files, ["a/config 1.json", "b.bin"]);
  session.server.revisions.set("main", "f".repeat(40));
  assert.equal(await Deno.readTextFile(await repository.file("b.bin")), "large");
  assert.equal(await Deno.readTextFile(await repository.file("a/config 1.json")), "{}");
  assert.deepEqual(session.server.paths("hub"), [
    "/api/models/org/name/revision/main",
    `/org/name/resolve/${COMMIT}/b.bin`,
    `/org/name/resolve/${COMMIT}/a/config%201.json`,
  ]);
  for (const { headers } of session.server.seen) {
    assert.equal(headers.get("accept-encoding"), "identity");
  }
});

Deno.test("openModelRepository() takes a revision with a slash", async () => {
  await using session = new HubSession();
  session.server.revisions.set("refs/pr/1", COMMIT);
  await session.open({ revision: "refs/pr/1" });
  assert.equal(await Deno.readTextFile(session.cached("refs", "refs", "pr", "1")), COMMIT);
  await assert.rejects(session.open({ revision: "../../x" }), /no name of git's$/);
});

Deno.test("file() writes the cache as Python's huggingface_hub does", async () => {
  await using session = new HubSession();
  const large = session.add("a/b/model.bin", "weights");
  const small = session.add("config.json", "{}", false);
  const repository = await session.open();
  for (const name of repository.files) {
    assert.equal(await repository.file(name), session.snapshot(...name.split("/")));
  }
  assert.equal(await Deno.readTextFile(session.cached("refs", "main")), COMMIT);
  assert.deepEqual(session.blobs(), [etagOf(large), etagOf(small)].sort());
  assert.equal(
    await Deno.readLink(session.snapshot("a", "b", "model.bin")),
    join("..", "..", "..", "..", "blobs", etagOf(large)),
  );
  assert.equal(
    await Deno.readLink(session.snapshot("config.json")),
    join("..", "..", "blobs", etagOf(small)),
  );
});

Deno.test("file() uses what Python downloaded", async () => {
  await using session = new HubSession();
  session.add("model.bin", "weights");
  await session.put(COMMIT, "refs", "main");
  await session.put("weights", "blobs", "sha");
  await Deno.mkdir(session.snapshot(), { recursive: true });
  await Deno.symlink(join("..", "..", "blobs", "sha"), session.snapshot("model.bin"));
  assert.equal(await session.read("model.bin"), "weights");
  assert.deepEqual(session.server.paths("files"), []);
});

Deno.test("file() links a content that another commit brought", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", "weights");
  await session.put("weights", "blobs", etagOf(file));
  assert.equal(await session.read("model.bin"), "weights");
  assert.deepEqual(session.server.paths("files"), []);
});

Deno.test("file() replaces a cached file of the wrong size", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", "weights");
  await session.put("wei", "blobs", etagOf(file));
  await session.put("weig", "snapshots", COMMIT, "model.bin");
  assert.equal(await session.read("model.bin"), "weights");
});

Deno.test("file() copies where links cannot be made", async () => {
  await using session = new HubSession();
  session.add("model.bin", "weights");
  const makeLink = () => Promise.reject(new Deno.errors.NotSupported("no links here"));
  assert.equal(await session.read("model.bin", { makeLink }), "weights");
  assert.ok((await Deno.lstat(session.snapshot("model.bin"))).isFile);
  assert.deepEqual(session.blobs().filter((name) => name.endsWith(".tmp")), []);
});

Deno.test("file() asks nobody for an empty file", async () => {
  await using session = new HubSession();
  session.add("__init__.py", "", false);
  assert.equal(await session.read("__init__.py"), "");
});

Deno.test("file() tells how far it has come", async () => {
  await using session = new HubSession();
  session.add("model.bin", "w".repeat(300_000));
  const told: DownloadProgress[] = [];
  await session.read("model.bin", { onProgress: (progress) => told.push(progress) });
  assert.deepEqual(told.at(-1), { file: "model.bin", bytes: 300_000, total: 300_000 });
  assert.ok(told.every(({ bytes }, index) => bytes > (told[index - 1]?.bytes ?? 0)));
});

Deno.test("file() names the files that there are", async () => {
  await using session = new HubSession();
  session.add("config.json", "{}", false);
  await assert.rejects((await session.open()).file("confg.json"), {
    name: "UsageError",
    message: `Cannot get 'confg.json' of 'org/name' at '${COMMIT}': there is no such file; ` +
      "it has config.json",
  });
});

for (const stated of [{}, { size: 7, blobId: "12" }, { lfs: { sha256: "../x", size: 7 } }]) {
  Deno.test(`file() asks for headers where the listing states ${Deno.inspect(stated)}`, async () => {
    await using session = new HubSession();
    const large = session.add("model.bin", "weights");
    const small = session.add("config.json", "{}", false);
    session.server.describe = () => stated;
    assert.equal(await session.read("model.bin"), "weights");
    assert.equal(await session.read("config.json"), "{}");
    assert.deepEqual(session.blobs(), [etagOf(large), etagOf(small)].sort());
  });
}

Deno.test("file() throws for headers that cannot name a content", async () => {
  const redirect = { status: 302, headers: { location: "http://other.example.org/" } };
  for (
    const { status, headers } of [
      { status: 200, headers: { etag: '"../../x"' } },
      { status: 200, headers: { etag: '""' } },
      { ...redirect, headers: { ...redirect.headers, etag: '"of-the-redirect"' } },
    ]
  ) {
    await using session = new HubSession();
    session.add("model.bin", "weights");
    session.server.describe = () => ({});
    session.server.faults.push(({ method }) =>
      method === "HEAD"
        ? new Response(null, { status, headers: { ...headers, "content-length": "7" } })
        : null
    );
    await assert.rejects(session.read("model.bin"), /states no usable ETag and size/);
  }
});

Deno.test("file() checks the size alone where the tag is no hash", async () => {
  await using session = new HubSession();
  session.add("model.bin", "weights", false);
  session.server.describe = () => ({});
  session.server.faults.push(({ method }) =>
    method === "HEAD"
      ? new Response(null, { headers: { etag: 'W/"opaque-1"', "content-length": "7" } })
      : null
  );
  await session.put("longer than the weights", "blobs", "opaque-1.incomplete");
  assert.equal(await session.read("model.bin"), "weights");
  assert.deepEqual(session.blobs(), ["opaque-1"]);
});

Deno.test("file() works where the commit of a branch cannot be noted", async () => {
  await using session = new HubSession();
  session.add("model.bin", "weights");
  await session.put("a file where a folder should be", "refs");
  assert.equal(await session.read("model.bin"), "weights");
});

Deno.test("openModelRepository() throws for what is no id", async () => {
  await assert.rejects(openModelRepository("../etc"), {
    name: "UsageError",
    message: "Cannot use '../etc' as a repository of the Hub: its name is no 'org/name'",
  });
});

Deno.test("openModelRepository() throws for an answer that is not the Hub's", async () => {
  await using session = new HubSession();
  session.server.faults.push(() => new Response("<html>Please log in</html>"));
  await assert.rejects(session.open(), /is not that of a Hub \(it is no JSON\); check HF_ENDPOINT/);
  session.server.faults.push(() => Response.json({ sha: "../..", siblings: [] }));
  await assert.rejects(session.open(), /is not that of a Hub/);
});

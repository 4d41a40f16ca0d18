import assert from "node:assert/strict";
import { SpeechmillError } from "../../lib/errors.ts";
import { connectHub } from "../../lib/hub/connect.ts";
import { RepositoryCache } from "../../lib/hub/cache.ts";
import { RemoteTree } from "../../lib/hub/dataset/remote_tree.ts";
import { fetchTree, type FolderRequest } from "../../lib/hub/dataset/fetch_tree.ts";
import { DatasetSession, plainFile } from "../support/dataset_session.ts";
import { etagOf, type HubFile, refuse } from "../support/hub_server.ts";

const SUBJECT = { repository: { type: "dataset", id: "org/name" }, revision: "main" } as const;

async function list(session: DatasetSession, request: Partial<FolderRequest> = {}) {
  const client = await connectHub(session.hub);
  return await fetchTree(client, { subject: SUBJECT, folder: "", depth: "all", ...request });
}

function files(...names: readonly string[]): Record<string, HubFile> {
  return Object.fromEntries(names.map((name) => [name, plainFile(name)]));
}

Deno.test("fetchTree() reads all pages", async () => {
  await using session = new DatasetSession();
  const names = Array.from({ length: 25 }, (_, index) => `data/${index}.parquet`);
  session.commit(files(...names));
  session.server.datasets.pageSize = 10;
  session.server.faults.push((seen) => seen.query.includes("cursor=20") ? refuse(503, "") : null);
  const found = await list(session);
  assert.deepEqual(found.files.map(({ name }) => name), names.toSorted());
  assert.deepEqual(found.folders, ["data"]);
  const cursors = session.server.seen.map(({ query }) => /cursor=(\d+)/.exec(query)?.[1]);
  assert.deepEqual(cursors, [undefined, "10", "20", "20"]);
});

Deno.test("fetchTree() stays at its endpoint where a mirror names the Hub's own for the next page", async () => {
  await using session = new DatasetSession();
  session.commit(files("a", "b"));
  const link = '<https://huggingface.co/api/x?recursive=true&cursor=1>; rel="next"';
  session.server.faults.push(() =>
    Response.json([{ type: "file", path: "a", size: 1 }], { headers: { link } })
  );
  const found = await list(session);
  assert.deepEqual(found.files.map(({ name }) => name), ["a", "b"]);
});

Deno.test("fetchTree() lists a folder alone, with sizes and hashes, by code point", async () => {
  await using session = new DatasetSession();
  const large: HubFile = { content: new Uint8Array(2000), large: true };
  const small = plainFile("small");
  session.commit({ ...files("other/x"), "a b/é": large, "a b/z": small, "a b/c/d": small });
  const found = await list(session, { folder: "a b", depth: "one" });
  assert.deepEqual(found, {
    folders: ["a b/c"],
    files: [
      { name: "a b/z", content: { etag: etagOf(small), size: 5 } },
      { name: "a b/é", content: { etag: etagOf(large), size: 2000 } },
    ],
  });
  assert.deepEqual(session.server.paths("hub"), ["/api/datasets/org/name/tree/main/a%20b"]);
});

Deno.test("fetchTree() takes a folder that is not there for empty, and a revision for an error", async () => {
  await using session = new DatasetSession();
  session.commit(files("a"));
  assert.deepEqual(await list(session, { folder: "b" }), { folders: [], files: [] });
  await assert.rejects(
    list(session, { subject: { ...SUBJECT, revision: "v2" } }),
    /there is no such branch, tag or commit/,
  );
});

Deno.test("RemoteTree reads no card of gigabytes", async () => {
  await using session = new DatasetSession();
  const commit = session.commit(files("README.md"));
  const cache = new RepositoryCache(session.path("hub"), SUBJECT.repository);
  const client = await connectHub(session.hub);
  const tree = new RemoteTree({ client, cache, subject: { ...SUBJECT, revision: commit } });
  const headers = { "x-linked-size": "5000000000", "x-linked-etag": `"${"0".repeat(64)}"` };
  session.server.faults.push(() => new Response(null, { headers }));
  await assert.rejects(tree.read("README.md"), /it has 5\.0 GB, and .* has 16\.8 MB at most$/);
  assert.equal(session.server.seen.length, 1);
  assert.equal(await tree.read("README.md"), "README.md");
});

Deno.test("fetchTree() ends where there is too much to list, and says what to do", async () => {
  await using session = new DatasetSession();
  session.commit(files("a", "b", "c", "d"));
  session.server.datasets.pageSize = 2;
  await assert.rejects(
    list(session, { maxEntries: 3 }),
    new SpeechmillError(
      "Cannot list the files of 'org/name' at 'main': there are more than 3; take what the Hub " +
        "converted to Parquet: hf://datasets/org/name@refs/convert/parquet",
    ),
  );
});

Deno.test("fetchTree() ends where pages without files follow one another for ever", async () => {
  await using session = new DatasetSession();
  const link = '</next?cursor=1>; rel="next"';
  for (let page = 0; page < 200; page++) {
    session.server.faults.push(() => Response.json([], { headers: { link } }));
  }
  await assert.rejects(list(session), /^SpeechmillError: Cannot list the files of 'org\/name'/);
  assert.equal(session.server.seen.length, 101);
});

for (
  const [what, body, message] of [
    [
      "names that lead elsewhere",
      [{ type: "file", path: "../a", size: 1 }],
      /outside of its folder/,
    ],
    ["no list", { error: "x" }, /is not that of a Hub .*check HF_ENDPOINT/s],
  ] as const
) {
  Deno.test(`fetchTree() refuses ${what}`, async () => {
    await using session = new DatasetSession();
    session.server.faults.push(() => Response.json(body));
    await assert.rejects(list(session), message);
  });
}

Deno.test("fetchTree() takes hashes of another kind, as some mirrors state them, for none", async () => {
  await using session = new DatasetSession();
  const entry = { type: "file", path: "a", size: 1, oid: "x", lfs: { oid: "y", size: 1 } };
  session.server.faults.push(() => Response.json([entry, { ...entry, path: "b", lfs: null }]));
  assert.deepEqual((await list(session)).files, [
    { name: "a", content: null },
    { name: "b", content: null },
  ]);
});

/** The Hub's redirects are used again, and never trusted for longer than they are good. */
import assert from "node:assert/strict";
import { connectHub } from "../../lib/hub/connect.ts";
import type { DatasetFile } from "../../lib/hub/dataset/dataset_file.ts";
import { readRange } from "../../lib/hub/dataset/range_reader.ts";
import { remoteRanges } from "../../lib/hub/dataset/remote_ranges.ts";
import { DatasetSession } from "../support/dataset_session.ts";
import { contentResponse, etagOf, type HubFile } from "../support/hub_server.ts";
import { TOKEN } from "../support/hub_session.ts";

const CONTENT: HubFile = {
  content: Uint8Array.from({ length: 5000 }, (_, index) => index % 251),
  large: true,
};

/** A file, and reading hundred bytes of it; all reads are of one client. */
async function openFile(session: DatasetSession) {
  session.variables.set("HF_TOKEN", TOKEN);
  const commit = session.commit({ "a.bin": CONTENT });
  const file: DatasetFile = {
    ...{ repository: { type: "dataset", id: "org/name" }, commit, name: "a.bin" },
    facts: { etag: etagOf(CONTENT), size: CONTENT.content.length },
  };
  const reader = remoteRanges(await connectHub(session.hub));
  return async (start: number) => {
    const bytes = await readRange(reader, file, { start, end: start + 100 });
    assert.deepEqual(bytes, CONTENT.content.slice(start, start + 100));
  };
}

function requests({ server }: DatasetSession): { hub: number; files: number } {
  return { hub: server.paths("hub").length, files: server.paths("files").length };
}

Deno.test("parts of a file cost one request each, and one for where it lies", async () => {
  await using session = new DatasetSession();
  const read = await openFile(session);
  for (let part = 0; part < 20; part++) await read(part * 200);
  assert.deepEqual(requests(session), { hub: 1, files: 20 });
  for (const { server, headers } of session.server.seen) {
    assert.equal(headers.get("authorization"), server === "hub" ? `Bearer ${TOKEN}` : null);
  }
});

for (const status of [401, 403, 404, 410]) {
  Deno.test(`a kept link that is answered with ${status} is asked for anew, at once`, async () => {
    await using session = new DatasetSession();
    const read = await openFile(session);
    await read(0);
    await read(200);
    session.server.faults.push(({ server }) => server === "files" ? respond(status) : null);
    await read(400);
    await read(600);
    assert.deepEqual(requests(session), { hub: 2, files: 5 });
    assert.deepEqual(session.waits, []);
  });
}

function respond(status: number): Response {
  return new Response(null, { status });
}

Deno.test("a file server that takes each link once costs no third request for long", async () => {
  await using session = new DatasetSession();
  const read = await openFile(session);
  await read(0);
  session.server.faults.push(({ server }) => server === "files" ? respond(403) : null);
  for (let part = 1; part < 5; part++) await read(part * 200);
  assert.deepEqual(requests(session), { hub: 5, files: 6 });
});

Deno.test("another file behind a kept link is no reason to give up before the Hub was asked", async () => {
  const others = [
    new Response(new Uint8Array(100), {
      status: 206,
      headers: { "content-range": "bytes 200-299/4999" },
    }),
    respond(416),
    new Response(new Uint8Array(5000)),
  ];
  for (const other of others) {
    await using session = new DatasetSession();
    const read = await openFile(session);
    await read(0);
    session.server.faults.push(({ server }) => server === "files" ? other : null);
    await read(200);
    assert.deepEqual(requests(session), { hub: 2, files: 3 });
  }
});

Deno.test("what the Hub says of a file with a new link is heeded", async () => {
  await using session = new DatasetSession();
  const read = await openFile(session);
  await read(0);
  session.server.faults.push(
    ({ server }) => server === "files" ? respond(403) : null,
    (seen) =>
      seen.server !== "files" ? null : contentResponse({ ...CONTENT, content: new Uint8Array(9) }, {
        ...seen,
        headers: new Headers({ range: "bytes=0-5" }),
      }),
  );
  await assert.rejects(read(200), /the Hub now sends another file than the 5000 bytes with ETag/);
});

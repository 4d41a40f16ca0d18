import assert from "node:assert/strict";
import { connectHub } from "../../lib/hub/connect.ts";
import type { DatasetFile } from "../../lib/hub/dataset/dataset_file.ts";
import { remoteRanges } from "../../lib/hub/dataset/remote_ranges.ts";
import type { ByteRange } from "../../lib/parquet/ranges.ts";
import { DatasetSession } from "../support/dataset_session.ts";
import { contentResponse, etagOf, type HubFile, type SeenRequest } from "../support/hub_server.ts";

const CONTENT: HubFile = {
  content: Uint8Array.from({ length: 5000 }, (_, index) => index % 251),
  large: true,
};

/** Reads ranges of a file; what was not asked for stays 0. */
async function read(session: DatasetSession, ranges: readonly ByteRange[], signal?: AbortSignal) {
  const commit = session.commit({ "a.bin": CONTENT });
  const file: DatasetFile = {
    ...{ repository: { type: "dataset", id: "org/name" }, commit, name: "a.bin" },
    facts: { etag: etagOf(CONTENT), size: CONTENT.content.length },
  };
  const bytes = new Uint8Array(CONTENT.content.length);
  await remoteRanges(await connectHub(session.hub)).read(file, ranges, {
    take: (piece, offset) => bytes.set(piece, offset),
    ...signal !== undefined && { signal },
  });
  return bytes;
}

function expected(ranges: readonly ByteRange[]): Uint8Array {
  const bytes = new Uint8Array(CONTENT.content.length);
  for (const { start, end } of ranges) bytes.set(CONTENT.content.subarray(start, end), start);
  return bytes;
}

/** Answers of the file server as if it were another one, with a tag of its own. */
function other(seen: SeenRequest, tag: string, content = CONTENT.content): Response | null {
  if (seen.server !== "files") return null;
  const answer = contentResponse({ content, large: true }, seen);
  answer.headers.set("etag", tag);
  return answer;
}

const RANGES = [{ start: 10, end: 500 }, { start: 4000, end: 5000 }];

Deno.test("remoteRanges() asks for what is wanted and nothing else", async () => {
  await using session = new DatasetSession();
  assert.deepEqual(await read(session, RANGES), expected(RANGES));
  assert.deepEqual(session.server.ranges(), ["bytes=10-499", "bytes=4000-4999"]);
  assert.deepEqual(await read(session, []), expected([]));
  assert.deepEqual(await read(session, [{ start: 7, end: 7 }]), expected([]));
});

Deno.test("remoteRanges() begins anew where the file server has another file than for the range before", async () => {
  await using session = new DatasetSession();
  const wrong = new Uint8Array(CONTENT.content.length).fill(255);
  session.server.faults.push((seen) => other(seen, '"old"', wrong));
  assert.deepEqual(await read(session, RANGES), expected(RANGES));
  assert.deepEqual(session.server.ranges(), [
    "bytes=10-499",
    "bytes=4000-4999",
    "bytes=10-499",
    "bytes=4000-4999",
  ]);
});

Deno.test("remoteRanges() gives up on a file server that changes with every request", async () => {
  await using session = new DatasetSession();
  let answers = 0;
  for (let times = 0; times < 100; times++) {
    session.server.faults.push((seen) =>
      seen.server === "files" ? other(seen, `"${answers++}"`) : null
    );
  }
  await assert.rejects(read(session, RANGES), /the file on the server changed while it was read/);
  assert.ok(answers < 30);
});

for (
  const [what, answer, message] of [
    [
      "a file of another size",
      new Response(new Uint8Array(490), {
        status: 206,
        headers: { "content-range": "bytes 10-499/4999" },
      }),
      /the Hub now sends another file than the 5000 bytes with ETag/,
    ],
    ["a range that is not there", new Response(null, { status: 416 }), /now sends another file/],
  ] as const
) {
  Deno.test(`remoteRanges() throws for ${what}`, async () => {
    await using session = new DatasetSession();
    session.server.faults.push((seen) => seen.server === "files" ? answer : null);
    await assert.rejects(read(session, RANGES), message);
  });
}

for (
  const [what, range, length] of [
    ["another range", "bytes 11-500/5000", 490],
    ["more than it says", "bytes 10-499/5000", 600],
  ] as const
) {
  Deno.test(`remoteRanges() asks again where it is sent ${what}`, async () => {
    await using session = new DatasetSession();
    session.server.faults.push((seen) =>
      seen.server !== "files" ? null : new Response(new Uint8Array(length).fill(9), {
        status: 206,
        headers: { "content-range": range },
      })
    );
    assert.deepEqual(await read(session, RANGES), expected(RANGES));
  });
}

Deno.test("remoteRanges() ends with the signal", async () => {
  await using session = new DatasetSession();
  const stop = new AbortController();
  session.server.faults.push(() => {
    stop.abort(new Error("stopped by the user"));
    return null;
  });
  await assert.rejects(read(session, RANGES, stop.signal), /stopped by the user/);
});

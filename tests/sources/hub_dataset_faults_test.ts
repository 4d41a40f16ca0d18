/** Streaming from a Hub that cuts, refuses, lies and is away. */
import assert from "node:assert/strict";
import { audioOf, DatasetSession, samplesOf } from "../support/dataset_session.ts";
import { cut, etagOf, type HubFile, refuse, type SeenRequest } from "../support/hub_server.ts";
import { bring, ROWS, SPEECH, TWO } from "../support/two_files.ts";

const FILES = "files";

Deno.test("a Hub that has answered may be away for many minutes", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  const source = await session.open();
  const samples = await samplesOf(source.list());
  for (let times = 0; times < 40; times++) session.server.faults.push(() => refuse(503, ""));
  assert.deepEqual(await bring(source, samples[7]), audioOf(7));
  assert.ok(session.waits.reduce((sum, wait) => sum + wait, 0) > 15 * 60_000);
});

for (
  const [what, fault] of [
    ["a 429 with Retry-After", () => refuse(429, "", { "retry-after": "7" })],
    ["a 503", () => refuse(503, "")],
    ["a link that has run out", () => refuse(403, "")],
    ["a cut connection", (file, seen) => cutRange(file, seen, 20_000)],
  ] as const satisfies readonly (readonly [string, (f: HubFile, s: SeenRequest) => Response])[]
) {
  Deno.test(`a row group comes in spite of ${what}`, async () => {
    await using session = new DatasetSession();
    session.commit(TWO);
    const source = await session.open();
    const samples = await samplesOf(source.list());
    session.server.seen.length = 0;
    for (let times = 0; times < 3; times++) {
      session.server.faults.push((seen) => seen.server === FILES ? fault(SPEECH, seen) : null);
    }
    assert.deepEqual(await bring(source, samples[7]), audioOf(7));
    const begins = session.server.ranges().map((range) => /^bytes=(\d+)-/.exec(range ?? "")?.[1]);
    assert.equal(begins.length, 4);
    // What came before a cut is not asked for again.
    assert.equal(new Set(begins).size, what === "a cut connection" ? 4 : 1);
    assert.deepEqual(
      session.waits,
      what.startsWith("a 429")
        ? [7000, 7000, 7000]
        : what === "a cut connection"
        ? [1000, 1000, 1000]
        // For a link that has run out, another one is asked for at once.
        : what === "a 503"
        ? [1000, 2000, 4000]
        : [1000, 2000],
    );
    // Each attempt but the first asks the Hub, so that a new link is signed.
    assert.equal(session.server.paths("hub").length, 3);
  });
}

Deno.test("a network that stays down stops the run, and the row group comes another time", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  const source = await session.open();
  const samples = await samplesOf(source.list());
  for (let times = 0; times < 60; times++) {
    session.server.faults.push((seen) => seen.server === FILES ? refuse(503, "") : null);
  }
  await assert.rejects(bring(source, samples[0]), {
    name: "HubUnreachableError",
    message: /Cannot read a part of 'data\/train-00000-of-00002\.parquet' .*attempt 60 of 60/,
  });
  assert.deepEqual(await bring(source, samples[0]), audioOf(0));
});

Deno.test("bytes that come damaged are asked for again; if they stay so, the row group is quarantined", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  const source = await session.open();
  const samples = await samplesOf(source.list());
  const damage = (seen: SeenRequest) => seen.server === FILES ? damaged(SPEECH, seen) : null;
  session.server.faults.push(damage);
  assert.deepEqual(await bring(source, samples[0]), audioOf(0));
  session.server.faults.push(damage, damage);
  await assert.rejects(bring(source, samples[3]), {
    name: "SampleError",
    reason: "corrupt_audio",
    message: /Cannot read row group 1 of 'org\/name|data\/train-00000.*pages of column 'audio/,
  });
  assert.deepEqual(await bring(source, samples[6]), audioOf(6));
});

Deno.test("a file that the Hub no longer has as it was planned stops the run", async () => {
  await using session = new DatasetSession();
  session.commit(TWO);
  const source = await session.open();
  const samples = await samplesOf(source.list());
  session.server.faults.push((seen) =>
    seen.path.includes("/resolve/") ? redirectToOther(session.server.datasets.filesAt) : null
  );
  // The link that it was planned with is good for a while.
  session.server.faults.push((seen) => seen.server === FILES ? refuse(403, "") : null);
  await assert.rejects(bring(source, samples[0]), /Hub now sends another file than the \d+ bytes/);
});

Deno.test("a server that sends whole files only can be downloaded from, not streamed from", async () => {
  await using session = new DatasetSession();
  session.commit({ "train.parquet": SPEECH });
  const whole = (seen: SeenRequest) =>
    seen.server === FILES && seen.headers.has("range")
      ? new Response(SPEECH.content, { headers: { etag: `"x"` } })
      : null;
  session.server.faults.push(whole);
  await assert.rejects(session.open(), /the server sends whole files only; set streaming to false/);
  session.server.faults.push(whole);
  const source = await session.open({ mode: "download" });
  assert.equal((await samplesOf(source.list())).length, ROWS);
});

function cutRange(file: HubFile, seen: SeenRequest, bytes: number): Response {
  const range = /^bytes=(\d+)-(\d+)$/.exec(seen.headers.get("range") ?? "");
  const [begin, end] = [Number(range?.[1]), Number(range?.[2])];
  const answer = cut(file, seen, bytes);
  answer.headers.set("content-range", `bytes ${begin}-${end}/${file.content.length}`);
  return answer;
}

/** What the Hub says of another file under the same name. */
function redirectToOther(server: string): Response {
  const tag = "0".repeat(64);
  const headers = { location: `${server}/blobs/${etagOf(SPEECH)}`, "x-linked-etag": `"${tag}"` };
  return new Response(null, { status: 302, headers });
}

/** A range of bytes that are none of the file's. */
function damaged(file: HubFile, seen: SeenRequest): Response {
  const answer = cut(file, seen, 0);
  const range = /^bytes=(\d+)-(\d+)$/.exec(seen.headers.get("range") ?? "");
  const length = Number(range?.[2]) - Number(range?.[1]) + 1;
  return new Response(new Uint8Array(length), { status: 206, headers: answer.headers });
}

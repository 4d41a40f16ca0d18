/** Whatever becomes of a request: the files are there once, and one commit made it so. */
import assert from "node:assert/strict";
import { EXIT } from "../../../lib/errors.ts";
import { answering, cutAnswer, losing } from "../../support/hub_faults.ts";
import { bytesOf, type Fault, refuse } from "../../support/hub_server.ts";
import { TOKEN } from "../../support/hub_session.ts";
import { TARGET, UploadSessionOfTest } from "../../support/upload_session.ts";

const COMMIT = { method: "POST", path: /\/commit\/main$/ };
const CONTENT = { method: "PUT", path: /^\/lfs\// };

/** Requests that are tried again whatever they are about. */
const REPEATED = [
  ["who we are", { path: /whoami/ }],
  ["making the repository", { path: /repos\/create/ }],
  ["what precedes a commit", { path: /preupload/ }],
  ["the commit of main", { path: /revision\/main/ }],
  ["the listing", { path: /\/tree\// }],
  ["the batch of large files", { path: /objects\/batch/ }],
  ["content", CONTENT],
] as const;

const busy = (status: number, headers = {}) => () => refuse(status, "", headers);

for (const [what, requests] of REPEATED) {
  Deno.test(`an upload survives ${what} going wrong in every way`, async () => {
    await using session = await UploadSessionOfTest.open();
    session.server.faults.push(
      answering(requests, cutAnswer),
      answering(requests, busy(429, { "retry-after": "7" })),
      answering(requests, busy(503)),
    );
    session.server.lostReplies.push(losing(requests), losing(requests, busy(504)));
    await checkUpload(session);
    assert.ok(session.waits.includes(7_000));
    const retries = session.events.filter(({ type }) => type === "retry");
    assert.equal(retries.length, 5, JSON.stringify(retries));
  });
}

/** The run is there, and was committed once. */
async function checkUpload(session: UploadSessionOfTest): Promise<void> {
  await session.upload();
  const { ".gitattributes": _, ...files } = session.remote();
  assert.deepEqual(files, session.local());
  assert.equal(session.history().length, 1);
}

Deno.test("a commit whose reply is lost is not made again", async () => {
  for (const answer of [cutAnswer, busy(500), busy(504)]) {
    await using session = await UploadSessionOfTest.open();
    session.server.lostReplies.push(losing(COMMIT, answer));
    await checkUpload(session);
    assert.equal(session.requests("POST", COMMIT.path), 1);
  }
});

Deno.test("a commit that was not made is made again, with nothing sent twice", async () => {
  for (const answer of [cutAnswer, busy(500), busy(429, { "retry-after": "5" })]) {
    await using session = await UploadSessionOfTest.open();
    session.server.faults.push(answering(COMMIT, answer));
    await checkUpload(session);
    assert.equal(session.requests("POST", COMMIT.path), 2);
    const { stored } = session.server.uploads.store;
    assert.equal(new Set(stored).size, stored.length);
  }
});

Deno.test("a commit that somebody else overtakes follows theirs", async () => {
  await using session = await UploadSessionOfTest.open();
  const overtake: Fault = (seen) => {
    if (!COMMIT.path.test(seen.path)) return null;
    const { files } = session.server.datasets.at(TARGET, "main") ?? { files: new Map() };
    const notes = { content: bytesOf("theirs"), large: false };
    session.server.datasets.commit(TARGET, "main", { ...Object.fromEntries(files), notes });
    session.server.faults.splice(session.server.faults.indexOf(overtake), 1);
    return null;
  };
  session.server.faults.push(overtake);
  await session.upload();
  const { ".gitattributes": _, notes, ...files } = session.remote();
  assert.ok(notes !== undefined);
  assert.deepEqual(files, session.local());
  assert.equal(session.history().length, 1);
});

Deno.test("content that a signed link refuses is sent by a new one", async () => {
  for (const status of [400, 403]) {
    await using session = await UploadSessionOfTest.open();
    session.server.faults.push(answering(CONTENT, busy(status)));
    await checkUpload(session);
    assert.ok(session.requests("POST", /objects\/batch$/) >= 2);
    const { stored } = session.server.uploads.store;
    assert.equal(new Set(stored).size, stored.length);
  }
});

Deno.test("content that is damaged in the store is found by its listing, and mended by another upload", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.store.damages = 1;
  await assert.rejects(session.upload(), (error) => {
    assert.ok(error instanceof Error);
    assert.match(
      error.message,
      /^Cannot trust the upload to 'user\/digits': its listing at \w{40} is not what the manifest states; upload once more\n {2}- 'data\/.*' has \d+ bytes with the hash \w{64}, not \d+ bytes with the SHA-256 \w{64}$/,
    );
    return true;
  });
  await session.upload();
  const { ".gitattributes": _, ...files } = session.remote();
  assert.deepEqual(files, session.local());
  assert.equal(session.history().length, 2);
});

Deno.test("a Hub that takes no more commits this hour is waited for, and that is told", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.faults.push(answering(COMMIT, busy(429, { "retry-after": "3600" })));
  await checkUpload(session);
  assert.deepEqual(session.waits, [3_600_000]);
  const told = session.events.filter(({ type }) => type === "waiting");
  const reason = `the server '${new URL(session.server.endpoint).host}' answers 429`;
  assert.deepEqual(told, [{ type: "waiting", milliseconds: 3_600_000, reason }]);
});

Deno.test("a Hub that asks for more than an hour before a commit says when to try again", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.faults.push(answering(COMMIT, busy(429, { "retry-after": "3601" })));
  await assert.rejects(session.upload(), {
    name: "HubUnreachableError",
    exitCode: EXIT.failed,
    message:
      `Cannot commit to '${TARGET}': the server '${new URL(session.server.endpoint).host}' ` +
      "answers 429 and asks to wait; try again in 61 minutes",
  });
});

Deno.test("a Hub that stays away ends the upload in an error that names it", async () => {
  await using session = await UploadSessionOfTest.open();
  for (let times = 0; times < 6; times++) {
    session.server.faults.push(answering({ path: /preupload/ }, busy(503)));
  }
  await assert.rejects(session.upload(), {
    name: "HubUnreachableError",
    message: /^Cannot upload to 'user\/digits': the server '.*' answers 503 \(attempt 6 of 6\)/,
  });
});

Deno.test("what the Hub says when it refuses is told without the token", async () => {
  await using session = await UploadSessionOfTest.open();
  const error = `no: ${TOKEN}`;
  session.server.faults.push(answering(COMMIT, () => Response.json({ error }, { status: 422 })));
  await assert.rejects(session.upload(), {
    name: "HubRefusalError",
    message: `Cannot commit to '${TARGET}': the Hub answers 422 (no: <token>)`,
  });
});

Deno.test("a file that goes away while it is sent ends the upload in an error that names it", async () => {
  await using session = await UploadSessionOfTest.open();
  const name = Object.keys(session.local()).find((name) => name.startsWith("data/"));
  const path = `${session.directory}/${name}`;
  session.server.faults.push((seen) => {
    // The first such request asks whether we may write.
    if (/preupload/.test(seen.path) && session.requests("POST", /preupload/) === 2) {
      Deno.removeSync(path);
    }
    return null;
  });
  await assert.rejects(session.upload(), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^Cannot commit to 'user\/digits': .*data\/train-\d+/);
    return true;
  });
  assert.deepEqual(session.history(), []);
});

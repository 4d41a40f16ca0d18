/** How the files of a repository are listed that is written to. */
import assert from "node:assert/strict";
import { answering } from "../../support/hub_faults.ts";
import { bytesOf } from "../../support/hub_server.ts";
import { TOKEN } from "../../support/hub_session.ts";
import { TARGET, UploadSessionOfTest } from "../../support/upload_session.ts";

const TREE = /\/tree\//;

Deno.test("an upload lists page by page at its endpoint, with the token, where a mirror names another host", async () => {
  await using session = await UploadSessionOfTest.open();
  await session.upload();
  session.server.datasets.pageSize = 2;
  const asked = session.requests("GET", TREE);
  const outside: string[] = [];
  const events = await session.upload({
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.host !== new URL(session.server.endpoint).host) outside.push(url.host);
      const answer = await fetch(input, init);
      const link = answer.headers.get("link")?.replace(/http:\/\/[^/]+/, "https://hub.invalid");
      if (link === undefined) return answer;
      return new Response(answer.body, { status: answer.status, headers: { link } });
    },
  });
  const end = events.at(-1);
  assert.ok(end?.type === "finished" && end.files === 0);
  assert.deepEqual(outside, []);
  const pages = session.server.seen.filter(({ path }) => TREE.test(path)).slice(asked);
  assert.ok(pages.length > 1);
  for (const { headers } of pages) assert.equal(headers.get("authorization"), `Bearer ${TOKEN}`);
});

Deno.test("an upload gives up on a listing without an end", async () => {
  await using session = await UploadSessionOfTest.open();
  for (let page = 0; page < 200; page++) {
    const link = `<${session.server.endpoint}/x?cursor=${page + 1}>; rel="next"`;
    session.server.faults.push(
      answering({ path: TREE }, () => Response.json([], { headers: { link } })),
    );
  }
  await assert.rejects(
    session.upload(),
    /^SpeechmillError: Cannot list the files .* more than 1,000,000; choose another repository$/,
  );
});

Deno.test("an upload says which file the server states no content of", async () => {
  await using session = await UploadSessionOfTest.open();
  await session.upload();
  const [name = ""] = Object.keys(session.local());
  const path = JSON.stringify(name).slice(1, -1);
  const listing = await (await fetch(
    `${session.server.endpoint}/api/datasets/${TARGET}/tree/main?recursive=true`,
    { headers: { authorization: `Bearer ${TOKEN}` } },
  )).json();
  const entries = listing.map((entry: { path: string }) =>
    entry.path === path ? { type: "file", path, size: 1, oid: "unknown" } : entry
  );
  for (let times = 0; times < 2; times++) {
    session.server.faults.push(answering({ path: TREE }, () => Response.json(entries)));
  }
  await assert.rejects(session.upload(), /has no stated content; it is to have \d+ bytes with/);
});

Deno.test("an upload leaves files alone whose names could not be written here", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.make(TARGET, { "a:b": { content: bytesOf("theirs"), large: false } });
  await session.upload();
  assert.ok("a:b" in session.remote());
});

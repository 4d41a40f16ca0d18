import assert from "node:assert/strict";
import { HubFetch, type HubFetchOptions } from "../../../lib/hub/upload/hub_fetch.ts";
import { FileContent } from "../../../lib/hub/upload/file_content.ts";
import { TemporaryFolder } from "../../models/temporary_folder.ts";

const HUB = "https://hub.example";
const TOKEN = "hf_TheSecretOfTheUser";

/** A request as a server would see it. */
interface Sent {
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** A fetch that answers by these, and what it was asked. */
function server(...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (url, init = {}) => {
    const authorization = new Headers(init.headers).get("authorization");
    const body = init.body instanceof Blob ? await new Response(init.body.stream()).text() : "";
    sent.push({ url: String(url), authorization, body });
    return (answers.shift() ?? (() => new Response("done")))();
  };
  return { sent, fetch };
}

function open(fetch: typeof globalThis.fetch, options: Partial<HubFetchOptions> = {}): HubFetch {
  const wait = () => Promise.resolve();
  return new HubFetch({ endpoint: HUB, token: TOKEN, repository: "a/b", fetch, wait, ...options });
}

function redirect(status: number, location: string): () => Response {
  return () => new Response(null, { status, headers: { location } });
}

Deno.test("HubFetch gives the token to the Hub alone, also where it is sent elsewhere", async () => {
  const { sent, fetch } = server(redirect(307, "https://store.example/x"));
  const headers = { authorization: "Bearer hf_" };
  await open(fetch).fetch(`${HUB}/api/x`, { method: "POST", body: "{}", headers });
  await open(fetch).fetch("https://store.example/y", { headers });
  const authorization = "Bearer token-of-the-store";
  await open(fetch).fetch("https://store.example/z", { headers: { authorization } });
  assert.deepEqual(sent, [
    { url: `${HUB}/api/x`, authorization: `Bearer ${TOKEN}`, body: "{}" },
    { url: "https://store.example/x", authorization: null, body: "{}" },
    { url: "https://store.example/y", authorization: null, body: "" },
    { url: "https://store.example/z", authorization, body: "" },
  ]);
});

Deno.test("HubFetch sends the part of a file again from its beginning", async () => {
  using folder = new TemporaryFolder();
  Deno.writeTextFileSync(folder.file("a"), "0123456789");
  const { sent, fetch } = server(() => new Response("busy", { status: 503 }));
  const taken: number[] = [];
  const hub = open(fetch, { onTaken: (_, bytes) => taken.push(bytes) });
  const body = new FileContent(folder.file("a"), 0, 10).slice(2, 6);
  await hub.fetch("https://store.example/x", { method: "PUT", body });
  assert.deepEqual(sent.map(({ body }) => body), ["2345", "2345"]);
  assert.deepEqual(taken, [4, 4]);
});

Deno.test("HubFetch makes a commit once, whatever it is answered", async () => {
  const { sent, fetch } = server(() => new Response("busy", { status: 503 }));
  const commit = open(fetch).fetch(`${HUB}/api/datasets/a/b/commit/main`, { method: "POST" });
  await assert.rejects(commit, { name: "PassingError" });
  assert.equal(sent.length, 1);
});

Deno.test("HubFetch tells a refusal of the Hub from that of a signed link", async () => {
  const no = () => new Response("no", { status: 403 });
  const { fetch } = server(no, no, no);
  assert.equal((await open(fetch).fetch(`${HUB}/api/x`)).status, 403);
  await assert.rejects(open(fetch).fetch("https://store.example/x?signature", { method: "PUT" }), {
    name: "StoreRefusalError",
    message: "the server 'store.example' answers 403",
  });
  const headers = { authorization: "Bearer token-of-the-store" };
  assert.equal((await open(fetch).fetch("https://store.example/x", { headers })).status, 403);
});

Deno.test("HubFetch shows neither token nor signature where the connection fails", async () => {
  const failures: string[] = [];
  const hub = open(() => {
    throw new TypeError(`error sending request for (https://x/y?Signature=secret) ${TOKEN}`);
  }, { onFailure: (reason) => failures.push(reason) });
  await assert.rejects(hub.fetch("https://x/y?Signature=secret"), {
    name: "HubUnreachableError",
    message: "Cannot upload to 'a/b': the connection fails: error sending request for " +
      "(https://x/y) <token> (attempt 6 of 6); check the network and HF_ENDPOINT, then run the " +
      "command again",
  });
  assert.equal(failures.length, 6);
});

Deno.test("HubFetch gives up a connection over which nothing comes", async () => {
  const silent: typeof globalThis.fetch = (_, init) =>
    new Promise((_, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });
  const hub = open(silent, { idleMilliseconds: 1, attempts: 1 });
  await assert.rejects(hub.fetch(`${HUB}/api/x`), /the server sends nothing for 0\.001 s/);
});

Deno.test("HubFetch follows no redirect to a file of this machine", async () => {
  const { sent, fetch } = server(redirect(302, "file:///etc/passwd"));
  assert.equal((await open(fetch).fetch(`${HUB}/api/x`)).status, 302);
  assert.equal(sent.length, 1);
});

Deno.test("HubFetch ends an answer that has no end", async () => {
  const piece = new Uint8Array(8 << 20);
  const body = () => new ReadableStream({ pull: (controller) => controller.enqueue(piece) });
  const { sent, fetch } = server(() => new Response(body()));
  await assert.rejects(
    open(fetch).fetch(`${HUB}/api/x`),
    /longer than 67.1 MB: check HF_ENDPOINT$/,
  );
  assert.equal(sent.length, 1);
});

Deno.test("HubFetch follows redirects that turn in a circle to an end", async () => {
  const answers = Array.from({ length: 20 }, () => redirect(302, `${HUB}/api/x`));
  const { sent, fetch } = server(...answers);
  assert.equal((await open(fetch).fetch(`${HUB}/api/x`)).status, 302);
  assert.equal(sent.length, 11);
});

Deno.test("HubFetch ends with the reason of a signal", async () => {
  const { sent, fetch } = server();
  const reason = new Error("enough");
  const hub = open(fetch, { signal: AbortSignal.abort(reason) });
  await assert.rejects(hub.fetch(`${HUB}/api/x`), reason);
  await hub.settled();
  assert.equal(sent.length, 0);
});

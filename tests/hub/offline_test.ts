import assert from "node:assert/strict";
import { COMMIT } from "../support/hub_server.ts";
import { HubSession } from "../support/hub_session.ts";

const DOWN: typeof fetch = () => Promise.reject(new TypeError("no route to host"));

/** A session whose cache has one of the two files of the repository. */
async function halfCached(): Promise<HubSession> {
  const session = new HubSession();
  session.add("a/config.json", "{}", false);
  session.add("model.bin", "weights");
  await session.read("a/config.json");
  session.server.seen.length = 0;
  return session;
}

Deno.test("with HF_HUB_OFFLINE the cached commit is used, and nobody asked", async () => {
  await using session = await halfCached();
  session.variables.set("HF_HUB_OFFLINE", "1");
  const repository = await session.open();
  assert.equal(repository.commit, COMMIT);
  assert.deepEqual(repository.files, ["a/config.json"]);
  assert.equal(await Deno.readTextFile(await repository.file("a/config.json")), "{}");
  await assert.rejects(repository.file("model.bin"), {
    message: `Cannot find 'model.bin' of 'org/name' at '${COMMIT}' in the cache ` +
      `'${session.cached()}': it is not there, and HF_HUB_OFFLINE forbids to ask the Hub; run ` +
      "once with network, or on a machine that has it: " +
      `hf download org/name --revision ${COMMIT}`,
  });
  assert.deepEqual(session.server.seen, []);
});

Deno.test("without network the cached commit is used after a second try", async () => {
  await using session = await halfCached();
  assert.equal(await session.read("a/config.json", { fetch: DOWN }), "{}");
  assert.deepEqual(session.waits, [1_000]);
  const repository = await session.open({ fetch: DOWN });
  await assert.rejects(
    repository.file("model.bin"),
    /the Hub does not answer \(.*no route to host.*hf download org\/name --revision \w{40}$/,
  );
});

Deno.test("offline, a commit is opened by its name as well", async () => {
  await using session = await halfCached();
  session.variables.set("HF_HUB_OFFLINE", "yes");
  assert.equal(await session.read("a/config.json", { revision: COMMIT }), "{}");
});

Deno.test("offline, a link whose content is gone is no file", async () => {
  await using session = await halfCached();
  session.variables.set("HF_HUB_OFFLINE", "1");
  await Deno.remove(session.cached("blobs"), { recursive: true });
  assert.deepEqual((await session.open()).files, []);
});

Deno.test("without network and cache the error says how to get the model", async () => {
  await using session = new HubSession();
  await assert.rejects(session.open({ fetch: DOWN }), {
    name: "HubUnreachableError",
    message: /no route to host \(attempt 6 of 6\); check the network and HF_ENDPOINT/,
  });
  session.variables.set("HF_HUB_OFFLINE", "1");
  await assert.rejects(session.open(), /hf download org\/name --revision main$/);
});

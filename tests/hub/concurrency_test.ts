import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cut, etagOf, REPOSITORY } from "../support/hub_server.ts";
import { HubSession } from "../support/hub_session.ts";

const PROCESS = fileURLToPath(new URL("../support/hub_process.ts", import.meta.url));
const WEIGHTS = "0123456789".repeat(100_000);

Deno.test("one of several that want the same file downloads it, the others find it", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  const texts = await Promise.all([1, 2, 3].map(() => session.read("model.bin")));
  assert.deepEqual(texts, [WEIGHTS, WEIGHTS, WEIGHTS]);
  assert.deepEqual(session.server.ranges(), [null]);
  assert.deepEqual(session.blobs(), [etagOf(file)]);
});

Deno.test("where there are no locks each downloads for itself, and leaves no part", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  const lock = () => Promise.resolve(null);
  for (let times = 0; times < 6; times++) {
    session.server.faults.push((seen) => seen.server === "files" ? cut(file, seen, 0) : null);
  }
  await assert.rejects(session.read("model.bin", { lock }), /attempt 6 of 6/);
  assert.deepEqual(session.blobs(), []);
  const texts = await Promise.all([1, 2].map(() => session.read("model.bin", { lock })));
  assert.deepEqual(texts, [WEIGHTS, WEIGHTS]);
  assert.deepEqual(session.blobs(), [etagOf(file)]);
});

Deno.test("two processes that want the same file both end with it", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  const outputs = await Promise.all([1, 2].map(() =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", PROCESS, REPOSITORY, "model.bin"],
      env: { ...Object.fromEntries(session.variables), NO_COLOR: "1" },
    }).output()
  ));
  for (const { stdout, stderr } of outputs) {
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.equal(new TextDecoder().decode(stdout), `${WEIGHTS}\n`);
  }
  assert.deepEqual(session.blobs(), [etagOf(file)]);
});

Deno.test("who waits for another's download can be stopped", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  const repository = await session.open();
  await repository.file("model.bin");
  await Deno.remove(session.cached(), { recursive: true });
  const lock = session.cached("..", ".locks", "models--org--name", `${etagOf(file)}.lock`);
  using other = await Deno.open(lock, { write: true });
  await other.lock(true);
  const stop = new AbortController();
  const wait = () => Promise.resolve(stop.abort(new Error("stopped by the user")));
  await assert.rejects(
    session.read("model.bin", { signal: stop.signal, wait }),
    /stopped by the user/,
  );
});

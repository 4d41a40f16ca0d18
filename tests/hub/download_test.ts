import assert from "node:assert/strict";
import { bytesOf, contentResponse, cut, etagOf, type SeenRequest } from "../support/hub_server.ts";
import { HubSession } from "../support/hub_session.ts";

const WEIGHTS = "0123456789".repeat(1000);

function ofFiles(answer: (seen: SeenRequest) => Response) {
  return (seen: SeenRequest) => seen.server === "files" ? answer(seen) : null;
}

Deno.test("file() goes on at the byte where the connection broke", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  session.server.faults.push(ofFiles((seen) => cut(file, seen, 4321)));
  session.server.faults.push(ofFiles((seen) => cut(file, seen, 1000)));
  assert.equal(await session.read("model.bin"), WEIGHTS);
  assert.deepEqual(session.server.ranges(), [null, "bytes=4321-", "bytes=5321-"]);
  assert.equal(session.server.seen.at(-1)?.headers.get("if-range"), `"${etagOf(file)}"`);
});

Deno.test("file() gives up when no attempt comes further, and keeps what came", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  session.server.faults.push(ofFiles((seen) => cut(file, seen, 100)));
  for (let times = 0; times < 6; times++) {
    session.server.faults.push(ofFiles((seen) => cut(file, seen, 0)));
  }
  await assert.rejects(session.read("model.bin"), {
    name: "HubUnreachableError",
    message: /the connection ends at byte 100 of 10000 \(attempt 6 of 6\)/,
  });
  assert.deepEqual(session.waits, [1, 2, 4, 8, 16].map((seconds) => seconds * 1000));
  const part = session.cached("blobs", `${etagOf(file)}.incomplete`);
  assert.equal((await Deno.stat(part)).size, 100);
  session.server.faults.length = 0;
  assert.equal(await session.read("model.bin"), WEIGHTS);
  assert.equal(session.server.ranges().at(-1), "bytes=100-");
  assert.deepEqual(session.blobs(), [etagOf(file)]);
});

Deno.test("file() does not ask again without end a server that always begins anew", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  for (let times = 0; times < 20; times++) {
    const whole = (seen: SeenRequest) => ({ ...seen, headers: new Headers() });
    session.server.faults.push(ofFiles((seen) => cut(file, whole(seen), 500)));
  }
  await assert.rejects(session.read("model.bin"), /\(attempt 6 of 6\)/);
});

Deno.test("file() begins anew where the server knows no ranges", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  session.server.faults.push(ofFiles((seen) => cut(file, seen, 4321)));
  session.server.faults.push(ofFiles(() => new Response(file.content)));
  assert.equal(await session.read("model.bin"), WEIGHTS);
  assert.deepEqual(session.server.ranges(), [null, "bytes=4321-"]);
});

Deno.test("file() begins anew where the server sends another range, or another tag", async () => {
  for (const [range, tag] of [["bytes 4000-9999/10000"], ["bytes 4321-9999/10000", "another"]]) {
    await using session = new HubSession();
    const file = session.add("model.bin", WEIGHTS);
    const headers = { "content-range": range ?? "", etag: `"${tag ?? etagOf(file)}"` };
    session.server.faults.push(ofFiles((seen) => cut(file, seen, 4321)));
    session.server.faults.push(
      ofFiles(() => new Response(file.content.subarray(4321), { status: 206, headers })),
    );
    assert.equal(await session.read("model.bin"), WEIGHTS);
    assert.deepEqual(session.server.ranges(), [null, "bytes=4321-", null]);
  }
});

Deno.test("file() goes on with what another process left", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  await session.put(WEIGHTS.slice(0, 7000), "blobs", `${etagOf(file)}.incomplete`);
  assert.equal(await session.read("model.bin"), WEIGHTS);
  assert.deepEqual(session.server.ranges(), ["bytes=7000-"]);
});

Deno.test("file() begins anew when what another process left was wrong", async () => {
  for (const left of ["wrong", "too long".repeat(2000), `wrong${WEIGHTS.slice(5)}`]) {
    await using session = new HubSession();
    const file = session.add("model.bin", WEIGHTS);
    await session.put(left, "blobs", `${etagOf(file)}.incomplete`);
    assert.equal(await session.read("model.bin"), WEIGHTS);
    assert.equal(session.server.ranges().at(-1), null);
    assert.deepEqual(session.blobs(), [etagOf(file)]);
  }
});

Deno.test("file() throws for wrong bytes, names both hashes and keeps nothing", async () => {
  for (const large of [true, false]) {
    await using session = new HubSession();
    const file = session.add("model.bin", WEIGHTS, large);
    const wrong = { content: bytesOf(WEIGHTS.replaceAll("5", "6")), large };
    const server = large ? "files" : "hub";
    session.server.faults.push((seen) =>
      seen.server === server && seen.path.endsWith("model.bin")
        ? contentResponse(wrong, seen)
        : null
    );
    await assert.rejects(session.read("model.bin"), (error: Error) => {
      assert.equal(error.name, "WrongContentError");
      assert.ok(error.message.includes(large ? "SHA-256" : "git SHA-1"));
      return error.message.includes(etagOf(file)) && error.message.includes(etagOf(wrong));
    });
    assert.deepEqual(session.blobs(), []);
    assert.equal(await session.read("model.bin"), WEIGHTS);
  }
});

Deno.test("file() throws for more bytes than were announced", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  session.server.faults.push(ofFiles(() => new Response(`${WEIGHTS}!`)));
  await assert.rejects(session.read("model.bin"), {
    message: new RegExp(`${etagOf(file)} \\(10000 bytes\\) was due, more than 10000 bytes came`),
  });
  assert.deepEqual(session.blobs(), []);
});

Deno.test("file() says how much room a full disk lacks, and goes on from there later", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", "w".repeat(1_500_000));
  await session.put("w".repeat(500_000), "blobs", `${etagOf(file)}.incomplete`);
  const write = async (disk: Deno.FsFile, bytes: Uint8Array) => {
    await disk.write(bytes.subarray(0, 5));
    throw new Error("No space left on device (os error 28)");
  };
  await assert.rejects(session.read("model.bin", { write }), {
    name: "SpeechmillError",
    message: /: No space left on device \(os error 28\); 1\.0 MB more are needed: make room, or /,
  });
  assert.equal(await session.read("model.bin"), "w".repeat(1_500_000));
  assert.deepEqual(session.server.ranges(), ["bytes=500000-", "bytes=500000-"]);
});

Deno.test("file() gives up a connection over which nothing comes", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  session.server.faults.push(ofFiles(() => new Response(new ReadableStream())));
  assert.equal(await session.read("model.bin", { idleMilliseconds: 50 }), WEIGHTS);
  assert.deepEqual(session.blobs(), [etagOf(file)]);
});

Deno.test("file() stops when told to, and keeps what came", async () => {
  await using session = new HubSession();
  const file = session.add("model.bin", WEIGHTS);
  const stop = new AbortController();
  session.server.faults.push(ofFiles((seen) => cut(file, seen, 4321)));
  const wait = () => Promise.resolve(stop.abort(new Error("stopped by the user")));
  await assert.rejects(
    session.read("model.bin", { signal: stop.signal, wait }),
    /stopped by the user/,
  );
  const part = session.cached("blobs", `${etagOf(file)}.incomplete`);
  assert.equal((await Deno.stat(part)).size, 4321);
});

Deno.test("file() says what to do where the cache cannot be written", async () => {
  await using session = new HubSession();
  session.add("model.bin", WEIGHTS);
  const repository = await session.open();
  await session.put("a file where a folder should be", "blobs");
  await assert.rejects(repository.file("model.bin"), {
    name: "SpeechmillError",
    message: /^Cannot keep 'model\.bin' .*; set HF_HUB_CACHE to a folder that can be written$/,
  });
});

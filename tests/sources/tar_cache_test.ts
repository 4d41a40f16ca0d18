import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SpeechmillError, StoppedError, UsageError } from "../../lib/errors.ts";
import { openTarSource } from "../../lib/sources/tar.ts";
import { downloadTar, type TarProgress, unpackTar } from "../../lib/sources/tar_cache.ts";
import { tarOf } from "../tar/write_tar.ts";
import { Fixture, samplesIn, summaryOf } from "./fixture.ts";
import { FileServer, type Turn } from "./tar_server.ts";

const ADDRESS = new URL("https://example.org/shards/a.tar?signature=secret");
const SHOWN = "https://example.org/shards/a.tar";

/** Bytes that gzip cannot make smaller. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = state * 48271 % 2147483647) & 0xff);
}

const TAR = tarOf([{ name: "a.wav", content: noise(5000) }, { name: "b.wav", content: noise(9) }]);

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => !name.endsWith(".lock")).sort();
}

/** Downloads from a server, without pauses. */
function download(server: FileServer, fixture: Fixture, more = {}) {
  const { fetch } = server;
  return downloadTar(ADDRESS, {
    cacheFolder: fixture.folder,
    fetch,
    wait: () => Promise.resolve(),
    ...more,
  });
}

Deno.test("unpackTar() unpacks once, with the time of the archive", async () => {
  using fixture = new Fixture({ "a.tar": gzipSync(TAR) });
  Deno.utimeSync(fixture.path("a.tar"), 1000, 1000);
  const options = { cacheFolder: fixture.path("cache") };
  const first = await unpackTar(fixture.path("a.tar"), options);
  assert.equal(first.problem, null);
  assert.deepEqual(Deno.readFileSync(first.path), new Uint8Array(TAR));
  assert.equal(Deno.statSync(first.path).mtime?.getTime(), 1_000_000);
  const mark = new Uint8Array(TAR).fill(7);
  Deno.writeFileSync(first.path, mark);
  assert.deepEqual(await unpackTar(fixture.path("a.tar"), options), first);
  assert.deepEqual(Deno.readFileSync(first.path), mark);
  Deno.utimeSync(fixture.path("a.tar"), 1001, 1001);
  const second = await unpackTar(fixture.path("a.tar"), options);
  assert.notEqual(second.path, first.path);
  assert.equal(filesIn(fixture.path("cache/tars")).length, 2);
});

Deno.test("unpackTar() leaves nothing behind where the disk takes no more", async () => {
  using fixture = new Fixture({ "a.tar": gzipSync(TAR) });
  const options = {
    cacheFolder: fixture.path("cache"),
    onProgress: () => {
      throw new Error("No space left on device (os error 28)");
    },
  };
  await assert.rejects(unpackTar(fixture.path("a.tar"), options), /No space left/);
  assert.deepEqual(filesIn(fixture.path("cache/tars")), []);
});

Deno.test("unpackTar() says that the cache cannot be written", async () => {
  using fixture = new Fixture({ "a.tar": gzipSync(TAR), "file": "" });
  await assert.rejects(
    unpackTar(fixture.path("a.tar"), { cacheFolder: fixture.path("file/cache") }),
    { name: SpeechmillError.name, message: /^Cannot keep tars in the cache '.*file\/cache': / },
  );
});

Deno.test("openTarSource() lists a damaged gzip as far as it can be unpacked", async () => {
  const members = Array.from({ length: 40 }, (_, index) => ({
    name: `${String(index).padStart(2, "0")}.wav`,
    content: noise(50_000),
  }));
  const packed = gzipSync(tarOf(members), { level: 0 });
  const flipped = packed.slice();
  flipped[packed.length - 5] = (flipped[packed.length - 5] ?? 0) ^ 1;
  using fixture = new Fixture({
    "cut.tar.gz": packed.subarray(0, packed.length * 0.7),
    "sum.tar.gz": flipped,
  });
  const listed = async (name: string) =>
    await summaryOf(
      await openTarSource({
        paths: [fixture.path(name)],
        rows: { columns: null, where: {} },
        cacheFolder: fixture.path("cache"),
      }),
    );
  const cut = await listed("cut.tar.gz");
  assert.ok(cut.length > 15, `${cut.length}`);
  assert.deepEqual(cut.slice(0, 2), ["00", "01"]);
  assert.equal(cut.filter((line) => line.startsWith("reject")).length, 1);
  assert.match(cut.at(-1) ?? "", /at byte \d+: its gzip stream is damaged: .*: the tar is cut/);
  // What was wrong is known when it is not unpacked again.
  assert.deepEqual(await listed("cut.tar.gz"), cut);
  const sum = await listed("sum.tar.gz");
  assert.match(sum.at(-1) ?? "", /^reject sum.tar.gz.*: its gzip stream is damaged: /);
});

Deno.test("downloadTar() brings a tar here once, and tells how far it is", async () => {
  using fixture = new Fixture();
  const server = new FileServer({
    content: TAR,
    etag: '"1"',
    lastModified: "Tue, 05 Mar 2024 10:00:00 GMT",
  });
  const told: TarProgress[] = [];
  const onProgress = (progress: TarProgress) => told.push(progress);
  const first = await download(server, fixture, { onProgress });
  assert.deepEqual(Deno.readFileSync(first.path), new Uint8Array(TAR));
  assert.equal(Deno.statSync(first.path).mtime?.toISOString(), "2024-03-05T10:00:00.000Z");
  assert.deepEqual(told.at(-1), {
    action: "download",
    name: SHOWN,
    bytes: TAR.length,
    total: TAR.length,
  });
  assert.deepEqual(await download(server, fixture), first);
  assert.equal(server.requests.length, 1);
  assert.equal(filesIn(fixture.path("tars")).length, 1);
});

Deno.test("downloadTar() sends no token, and asks for the file as it is", async () => {
  using fixture = new Fixture();
  const server = new FileServer({ content: TAR });
  await download(server, fixture);
  const [headers] = server.requests;
  assert.equal(headers?.get("authorization"), null);
  assert.equal(headers?.get("accept-encoding"), "identity");
});

Deno.test("downloadTar() goes on where connections were cut", async () => {
  using fixture = new Fixture();
  const cuts = [1500, 700, 0].map((after): Turn => ({ kind: "cut", after }));
  const server = new FileServer({ content: TAR, etag: '"1"' }, cuts);
  const { path } = await download(server, fixture);
  assert.deepEqual(Deno.readFileSync(path), new Uint8Array(TAR));
  assert.deepEqual(
    server.requests.map((headers) => [headers.get("range"), headers.get("if-range")]),
    [[null, null], ["bytes=1500-", '"1"'], ["bytes=2200-", '"1"'], ["bytes=2200-", '"1"']],
  );
});

Deno.test("downloadTar() begins anew where the file is another one by now", async () => {
  using fixture = new Fixture();
  const server = new FileServer({ content: noise(9000), etag: '"1"' }, [{
    kind: "cut",
    after: 3000,
  }]);
  const wait = () => {
    server.file = { content: TAR, etag: '"2"' };
    return Promise.resolve();
  };
  const { path } = await download(server, fixture, { wait });
  assert.deepEqual(Deno.readFileSync(path), new Uint8Array(TAR));
});

Deno.test("downloadTar() begins anew where the server tells nothing of the file", async () => {
  using fixture = new Fixture();
  const server = new FileServer({ content: TAR, hasLength: false }, [{ kind: "cut", after: 3000 }]);
  const { path } = await download(server, fixture);
  assert.deepEqual(Deno.readFileSync(path), new Uint8Array(TAR));
  assert.equal(server.requests[1]?.get("range"), null);
});

Deno.test("downloadTar() goes on with what an earlier process left", async () => {
  using fixture = new Fixture();
  const server = new FileServer({ content: TAR, etag: '"1"' }, [
    { kind: "cut", after: 2000 },
    { kind: "refuse", status: 404 },
  ]);
  await assert.rejects(download(server, fixture), {
    name: UsageError.name,
    message: `Cannot download '${SHOWN}': there is no such file (404)`,
  });
  const { path } = await download(server, fixture);
  assert.deepEqual(Deno.readFileSync(path), new Uint8Array(TAR));
  assert.equal(server.requests[2]?.get("range"), "bytes=2000-");
});

Deno.test("downloadTar() waits as long as it is asked to, and gives up in the end", async () => {
  using fixture = new Fixture();
  const pauses: number[] = [];
  const wait = (milliseconds: number) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const busy: Turn = { kind: "refuse", status: 429, headers: { "retry-after": "17" } };
  const broken: Turn = { kind: "fail", message: `error sending request for url (${ADDRESS})` };
  const server = new FileServer({ content: TAR }, [busy, broken]);
  await download(server, fixture, { wait });
  assert.deepEqual(pauses, [17_000, 2_000]);

  using other = new Fixture();
  await assert.rejects(
    download(new FileServer({ content: TAR }, Array(9).fill(broken)), other, { attempts: 3 }),
    (error: unknown) => {
      assert.ok(error instanceof SpeechmillError);
      assert.match(error.message, /attempt 3 of 3\); check the network and the address, then run/);
      assert.ok(!error.message.includes("secret"), error.message);
      return true;
    },
  );
});

Deno.test("downloadTar() says why it is refused, without the query of the address", async () => {
  using fixture = new Fixture();
  const server = new FileServer({ content: TAR }, [{ kind: "refuse", status: 403 }]);
  await assert.rejects(download(server, fixture), {
    name: UsageError.name,
    message: /^Cannot download 'https:\/\/example.org\/shards\/a.tar': access is denied \(403\); /,
  });
  const withPassword = new URL("https://me:secret@example.org/a.tar");
  await assert.rejects(downloadTar(withPassword, { cacheFolder: fixture.folder }), {
    message: "Cannot download 'https://example.org/a.tar': leave the user and password out",
  });
});

Deno.test("downloadTar() stops at once when it is told to", async () => {
  using fixture = new Fixture();
  const controller = new AbortController();
  const server = new FileServer({ content: TAR, etag: '"1"' }, [{ kind: "cut", after: 2000 }]);
  const wait = () => {
    controller.abort(new StoppedError("stopped"));
    return Promise.resolve();
  };
  const stopped = download(server, fixture, { wait, signal: controller.signal });
  await assert.rejects(stopped, { name: StoppedError.name });
  assert.equal(server.requests.length, 1);
});

Deno.test("downloadTar() keeps nothing of what is no tar", async () => {
  using fixture = new Fixture();
  const content = new TextEncoder().encode("<html>sign in</html>");
  await assert.rejects(download(new FileServer({ content }), fixture), {
    message: `Cannot read '${SHOWN}': it is not a tar`,
  });
  assert.deepEqual(filesIn(fixture.path("tars")), []);
});

Deno.test("openTarSource() lists tars by their addresses, gzipped or not", async () => {
  using fixture = new Fixture();
  const served = new Map<string, FileServer>();
  const fetch: typeof globalThis.fetch = (input, init) => {
    const name = new URL(String(input)).pathname;
    const tar = tarOf([{ name: `${name.slice(1)}/x.wav`, content: "sound" }]);
    const content = name.startsWith("/1") ? new Uint8Array(gzipSync(tar)) : tar;
    const server = served.get(name) ?? new FileServer({ content });
    served.set(name, server);
    return server.fetch(input, init);
  };
  const source = await openTarSource({
    paths: ["https://example.org/{0..1}.tar?key=secret"],
    rows: { columns: null, where: {} },
    cacheFolder: fixture.folder,
    fetch,
  });
  assert.equal(source.description, "tar https://example.org/{0..1}.tar");
  const samples = await samplesIn(source);
  assert.deepEqual(samples.map(({ id, place }) => [id, place]), [
    ["0.tar/x", "0.tar:0.tar/x.wav"],
    ["1.tar/x", "1.tar:1.tar/x.wav"],
  ]);
  for (const { audio, part } of samples) {
    assert.ok(audio !== null && part?.kind === "range");
    const bytes = Deno.readFileSync(audio).slice(part.offset, part.offset + part.size);
    assert.equal(new TextDecoder().decode(bytes), "sound");
  }
});

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sha256 } from "../../models/digest.ts";
import { type ModelFileAccess, readPinnedFile } from "../../models/model_files.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

const CONTENT = new TextEncoder().encode("the weights of a model");
const REMOTE = { url: new URL("https://models.example/a/encoder.onnx"), sha256: sha256(CONTENT) };

/** A cache folder, and a server that answers with `respond` and counts its requests. */
class Fixture implements Disposable {
  readonly folder: TemporaryFolder = new TemporaryFolder();
  requests = 0;
  respond: () => Response = () => new Response(CONTENT);
  readonly access: ModelFileAccess = {
    environment: (name) => name === "SPEECHMILL_CACHE" ? this.folder.path : undefined,
    fetch: () => {
      this.requests++;
      return Promise.resolve(this.respond());
    },
  };

  /** The files in the cache. */
  files(): string[] {
    return [...Deno.readDirSync(this.folder.file("models"))].map(({ name }) => name);
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}

Deno.test("readPinnedFile() fetches once, then reads the cache", async () => {
  using fixture = new Fixture();
  assert.deepEqual(await readPinnedFile(REMOTE, fixture.access), CONTENT);
  assert.deepEqual(await readPinnedFile(REMOTE, fixture.access), CONTENT);
  assert.equal(fixture.requests, 1);
  assert.deepEqual(fixture.files(), [`${REMOTE.sha256}.onnx`]);
});

Deno.test("readPinnedFile() fetches a damaged cached file again", async () => {
  using fixture = new Fixture();
  await readPinnedFile(REMOTE, fixture.access);
  Deno.truncateSync(fixture.folder.file(`models/${REMOTE.sha256}.onnx`), 3);
  assert.deepEqual(await readPinnedFile(REMOTE, fixture.access), CONTENT);
  assert.deepEqual(await readPinnedFile(REMOTE, fixture.access), CONTENT);
  assert.equal(fixture.requests, 2);
});

Deno.test("readPinnedFile() leaves nothing behind when the connection is cut", async () => {
  using fixture = new Fixture();
  fixture.respond = () => new Response(cutStream());
  await assert.rejects(readPinnedFile(REMOTE, fixture.access), {
    name: "SpeechmillError",
    message: `Cannot fetch '${REMOTE.url.href}': connection reset by peer; run the command again`,
  });
  assert.throws(() => fixture.files(), Deno.errors.NotFound);
  fixture.respond = () => new Response(CONTENT);
  assert.deepEqual(await readPinnedFile(REMOTE, fixture.access), CONTENT);
});

function cutStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new Error("connection reset by peer"));
      else controller.enqueue(CONTENT.slice(0, 5));
      sent = true;
    },
  });
}

Deno.test("readPinnedFile() refuses wrong bytes and does not keep them", async () => {
  using fixture = new Fixture();
  fixture.respond = () => new Response("<html>log in first</html>");
  await assert.rejects(readPinnedFile(REMOTE, fixture.access), {
    name: "SpeechmillError",
    message: /^Cannot use 'https:.*': its SHA-256 is [0-9a-f]{64} where .* \(25 bytes\); run/,
  });
  assert.throws(() => fixture.files(), Deno.errors.NotFound);
});

Deno.test("readPinnedFile() tells what the server answered", async () => {
  using fixture = new Fixture();
  fixture.respond = () => new Response("none", { status: 404, statusText: "Not Found" });
  await assert.rejects(readPinnedFile(REMOTE, fixture.access), /the server answers 404 Not Found;/);
});

Deno.test("readPinnedFile() throws where the cache cannot be written", async () => {
  using fixture = new Fixture();
  Deno.writeTextFileSync(fixture.folder.file("models"), "a file where the folder should be");
  await assert.rejects(readPinnedFile(REMOTE, fixture.access), { name: "SpeechmillError" });
});

Deno.test("readPinnedFile() reads and verifies a file beside the code, without a request", async () => {
  using fixture = new Fixture();
  const path = fixture.folder.file("encoder.onnx");
  const local = { url: pathToFileURL(path), sha256: REMOTE.sha256 };
  await assert.rejects(readPinnedFile(local, fixture.access), /there is no such file$/);
  Deno.writeFileSync(path, CONTENT);
  assert.deepEqual(await readPinnedFile(local, fixture.access), CONTENT);
  Deno.writeTextFileSync(path, "version https://git-lfs.github.com/spec/v1");
  await assert.rejects(readPinnedFile(local, fixture.access), /restore it from the repository$/);
  assert.equal(fixture.requests, 0);
});

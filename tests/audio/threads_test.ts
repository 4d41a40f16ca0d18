import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { formatFile, madeFile, TemporaryFolder } from "./support.ts";
import { badFile } from "./support.ts";

const SOUND = [...Deno.readDirSync(formatFile("."))]
  .map((entry) => formatFile(entry.name)).filter((path) => !path.endsWith(".f32le"));
const BAD = [...Deno.readDirSync(badFile("."))].map((entry) => badFile(entry.name));

/** Decodes in a thread of its own. */
function inThread(paths: readonly string[]): Promise<unknown> {
  const url = new URL("./decode_thread.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const answer = Promise.withResolvers<unknown>();
  worker.onmessage = (event) => answer.resolve(event.data);
  worker.onerror = (event) => {
    event.preventDefault();
    answer.reject(new Error(event.message));
  };
  worker.postMessage(paths);
  return answer.promise.finally(() => worker.terminate());
}

Deno.test("decodeAudio() gives the same bytes in several threads at once", async () => {
  const paths = [...SOUND, ...BAD];
  const alone = await inThread(paths);
  const backwards = inThread(paths.toReversed());
  const together = await Promise.all([inThread(paths), inThread(paths), backwards]);
  assert.deepEqual(together[0], alone);
  assert.deepEqual(together[1], alone);
  assert(Array.isArray(together[2]) && Array.isArray(alone));
  assert.deepEqual(together[2].toReversed(), alone);
  assert(alone.includes("truncated_audio"));
});

Deno.test("decodeAudio() prints nothing and needs few permissions", async () => {
  using folder = new TemporaryFolder();
  const damaged = SOUND.map((path, index) => {
    const bytes = Deno.readFileSync(path);
    bytes.fill(0x5a, bytes.length * 0.6, bytes.length * 0.65);
    return folder.write(`${index}${path.slice(path.lastIndexOf("."))}`, bytes);
  });
  const program = fileURLToPath(new URL("./decode_silently.ts", import.meta.url));
  const permissions = ["--allow-read", "--allow-ffi", "--allow-env=AV_FROM_SOURCE"];
  const files = [...SOUND, ...BAD, ...damaged, madeFile("chained.ogg")];
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...permissions, program, ...files],
  }).output();
  const { stdout, stderr } = output;
  const printed = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.deepEqual(printed, ["", ""]);
  assert.equal(output.code, 0);
});

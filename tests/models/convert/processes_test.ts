/** Conversions by processes that know nothing of each other. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadCodec } from "../../../models/registry.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const NARROW = "tests/data/checkpoints/encodec/transformers";
const root = new URL("../../..", import.meta.url).pathname;

Deno.test("two processes that convert one codec at once end with one folder, whole", async () => {
  using cache = new TemporaryFolder();
  const outputs = await Promise.all([0, 1].map(() =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "mod.ts", "convert", NARROW],
      cwd: root,
      env: { SPEECHMILL_CACHE: cache.path, HF_HUB_OFFLINE: "1" },
      ...{ stdout: "piped", stderr: "piped" },
    }).output()
  ));
  const decoder = new TextDecoder();
  const folders = outputs.map(({ code, stdout, stderr }) => {
    assert.equal(code, 0, decoder.decode(stderr));
    const [, folder] = /^(?:Converted|Found) \S+: (.+)$/m.exec(decoder.decode(stdout)) ?? [];
    return folder;
  });
  const names = [...Deno.readDirSync(cache.file("codecs"))].map(({ name }) => name);
  assert.equal(names.length, 1, names.join());
  const folder = join(cache.file("codecs"), names[0] ?? "");
  assert.deepEqual(folders, [folder, folder]);
  await using codec = await loadCodec(folder);
  assert.equal((await codec.encode(new Float32Array(100))).length, 3);
});

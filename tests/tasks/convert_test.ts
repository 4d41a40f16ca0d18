import assert from "node:assert/strict";
import { join } from "node:path";
import { EXIT } from "../../lib/errors.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";
import { runLine } from "./fixture.ts";

const ENCODEC = "tests/data/checkpoints/encodec/transformers";
const SNAC = "tests/data/checkpoints/snac/narrow";

/** What a converted folder says it was made with. */
function settingsIn(folder: string): unknown {
  return JSON.parse(Deno.readTextFileSync(join(folder, "codec.json"))).source.settings;
}

Deno.test("convert writes a codec into a folder, with what its flags choose", async () => {
  using folder = new TemporaryFolder();
  const cases = [
    [[ENCODEC, "--bandwidth", "10", "--fp16"], { bandwidth: 10, precision: "float16" }],
    [[ENCODEC, "--codebooks", "3"], { codebooks: 3 }],
    [[SNAC, "--noise-seed", "7"], { noiseSeed: 7 }],
    [["tests/data/checkpoints/dac/original", "--chunked"], { chunked: true }],
  ] as const;
  for (const [index, [flags, settings]] of cases.entries()) {
    const output = folder.file(`codec-${index}`);
    const { code, out, err } = await runLine("convert", ...flags, "--output", output);
    assert.equal(code, EXIT.done, err);
    assert.ok(out.startsWith(`Converted ${flags[0]}: ${output}\n`), out);
    assert.ok(out.includes(`encode --codec ${output}`), out);
    assert.deepEqual(settingsIn(output), settings);
  }
});

Deno.test("convert tells the notice of a codec, where it has one", async () => {
  using folder = new TemporaryFolder();
  const encodec = await runLine("convert", ENCODEC, "--output", folder.file("encodec"));
  const [, notice, next] = encodec.out.split("\n");
  assert.equal(
    notice,
    "MIT is the licence of EnCodec's code; its authors name none for the weights alone",
  );
  assert.equal(next, "Next:");
  const snac = await runLine("convert", SNAC, "--output", folder.file("snac"));
  assert.equal(snac.out.split("\n")[1], "Next:");
});

Deno.test("convert ends with 2 where there is nothing to convert, and with 1 where it is damaged", async () => {
  using folder = new TemporaryFolder();
  const none = await runLine("convert", folder.file("gone"));
  assert.equal(none.code, EXIT.usage);
  assert.match(none.err, /there is no such folder or file/);
  const word = await runLine("convert", SNAC, "--noise-seed", "much");
  assert.equal(word.code, EXIT.usage);
  assert.match(word.err, /'much' is no number/);
  Deno.copyFileSync(`${SNAC}/config.json`, folder.file("config.json"));
  const bytes = Deno.readFileSync(`${SNAC}/pytorch_model.bin`);
  Deno.writeFileSync(folder.file("pytorch_model.bin"), bytes.subarray(0, 1000));
  const cut = await runLine("convert", folder.path, "--output", folder.file("codec"));
  assert.equal(cut.code, EXIT.failed);
  assert.match(cut.err, /pytorch_model\.bin': .*; download it again/);
});

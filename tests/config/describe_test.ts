import assert from "node:assert/strict";
import { generatedFiles } from "../../docs/generate.ts";
import { checkSettings } from "../../lib/config/check.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { SETTINGS } from "../../lib/config/settings.ts";
import { openSource } from "../../lib/sources/open.ts";
import { samplesIn } from "../sources/fixture.ts";

Deno.test("docs/ holds what the table of settings makes of it", async () => {
  for (const [name, content] of generatedFiles()) {
    const path = new URL(`../../docs/${name}`, import.meta.url);
    assert.equal(
      await Deno.readTextFile(path),
      content,
      `docs/${name} is out of date: run 'deno run -A docs/generate.ts'`,
    );
  }
});

Deno.test("SETTINGS has defaults that fit their own schemas", () => {
  for (const { name, default: value } of SETTINGS) {
    if (value === undefined) continue;
    assert.deepEqual(checkSettings({ [name]: value }).problems, [], name);
  }
});

Deno.test("SETTINGS has a flag for each name, and no sentence ends with a full stop", () => {
  for (const { name, flag, description } of SETTINGS) {
    assert.equal(flag, `--${name.replaceAll("_", "-")}`);
    assert.doesNotMatch(description, /\.$/);
  }
});

Deno.test("examples/config.yaml encodes the 33 clips beside it", async () => {
  const cwd = new URL("../../examples", import.meta.url).pathname;
  const config = await loadConfig({ file: "config.yaml", cwd });
  assert.equal(config.valRatio, 0.1);
  assert.deepEqual(config.input, [`${cwd}/speech/manifest.jsonl`]);
  assert.equal((await samplesIn(await openSource(config))).length, 33);
});

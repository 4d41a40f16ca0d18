import assert from "node:assert/strict";
import { commandOf } from "../../lib/config/command.ts";
import { loadConfig } from "../../lib/config/load.ts";

Deno.test("commandOf() has what decides the data and is not the default, without folders of this machine", async () => {
  const flags = {
    ...{ input: ["/home/anna/secret/speech", "hf://datasets/org/name"], valRatio: 0.1 },
    ...{ constants: { lang: "it's" }, devices: "cpu:4", output: "/home/anna/out" },
  };
  const config = await loadConfig({ flags, cwd: "/" });
  assert.equal(
    commandOf(config),
    "speechmill encode \\\n  --input speech \\\n  --input hf://datasets/org/name \\\n" +
      "  --constants 'lang=it'\\''s' \\\n  --val-ratio 0.1",
  );
});

Deno.test("commandOf() can be given to the command line again", async () => {
  const datasets = '[{"input": "hf://datasets/org/a", "subset": "clean"}]';
  const config = await loadConfig({ flags: { datasets }, cwd: "/" });
  const [, flag, value = ""] = /(--datasets) '(.*)'/.exec(commandOf(config)) ?? [];
  assert.equal(flag, "--datasets");
  const again = await loadConfig({ flags: { datasets: value }, cwd: "/" });
  assert.deepEqual(again, config);
});

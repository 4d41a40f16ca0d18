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

Deno.test("commandOf() writes filters and constants so that the flags read back as they are", async () => {
  const where = ["a=north", 'a="12"', "a=12", "b=true", 'c="null"', "d=a, b"];
  const constants = ['q="1"', "r=null", "s=", "p=/not/a/path"];
  const config = await loadConfig({ flags: { input: ["x"], where, constants }, cwd: "/" });
  assert.deepEqual(config.where, { a: ["north", "12", 12], b: true, c: "null", d: "a, b" });
  assert.deepEqual(config.constants, { q: "1", r: null, s: "", p: "/not/a/path" });
  const flags = [...commandOf(config).matchAll(/--(where|constants) (?:'([^']*)'|(\S*))/g)];
  assert.deepEqual(flags.map(([, , quoted, plain]) => quoted ?? plain), [...where, ...constants]);
});

Deno.test("commandOf() tells nobody what gives access to an address", async () => {
  const input = ["https://anna:secret@host/a.tar?X-Amz-Signature=1234"];
  const datasets = JSON.stringify([{ input: input[0] }]);
  const one = commandOf(await loadConfig({ flags: { input }, cwd: "/" }));
  assert.match(one, /--input https:\/\/host\/a\.tar$/m);
  const several = commandOf(await loadConfig({ flags: { datasets }, cwd: "/" }));
  assert.match(several, /"https:\/\/host\/a\.tar"/);
});

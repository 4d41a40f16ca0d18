import assert from "node:assert/strict";
import { datasetsOf } from "../../lib/config/datasets.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { dataSettings } from "../../lib/config/stored.ts";
import { Fixture } from "../sources/fixture.ts";

async function load(yaml: string, flags: Record<string, string> = {}) {
  using fixture = new Fixture({ "run.yaml": yaml });
  const config = await loadConfig({ file: "run.yaml", cwd: fixture.folder, flags });
  return JSON.parse(JSON.stringify(config).replaceAll(fixture.folder, ""));
}

const TWO =
  "datasets:\n- input: a\n  constants: {speaker: anna}\n- input: hf://datasets/org/b@v1\n" +
  "  subset: clean\n  where: {dialect: [north, south]}\n  max_seconds: 20\n";

Deno.test("datasetsOf() fills what an entry does not say from the run's own settings", async () => {
  const config = await load(`${TWO}split: test\nmin_seconds: 1\ncolumns: {text: sentence}\n`);
  const common = { split: "test", columns: { text: "sentence" }, maxSamples: null, minSeconds: 1 };
  assert.deepEqual(datasetsOf(config), [
    {
      ...common,
      input: "/a",
      config: null,
      constants: { speaker: "anna" },
      where: {},
      maxSeconds: null,
    },
    {
      ...{ ...common, input: "hf://datasets/org/b@v1", config: "clean", maxSeconds: 20 },
      ...{ constants: { speaker: null }, where: { dialect: ["north", "south"] } },
    },
  ]);
});

Deno.test("loadConfig() names what is wrong in an entry of datasets", async () => {
  const wrong = [
    ["- input: a\n  colums: {}", /run.yaml:3:3: datasets.0.colums: .*did you mean 'columns'/],
    ["- split: b", /run.yaml:2:3: datasets.0.input: 'input' is missing/],
    ["- input: a\n  max_samples: 0", /run.yaml:3:16: datasets.0.max_samples: .*received 0/],
    ["- a", /run.yaml:2:3: datasets.0: expected a list of maps .*received 'a'/],
    ["- input: a\n  constants: {duration: 1}", /datasets.0.constants: .*received 'duration'/],
    ["- input: a\n- input: a", /the dataset '.*a' is listed twice/],
    ["- input: a\ninput: b", /both 'input' and 'datasets' are given/],
    [
      "- input: a\n  columns: {speaker: who}\n  constants: {speaker: anna}",
      /constant 'speaker' of '.*': its columns name one for 'speaker' as well/,
    ],
    ["- input: a\n  min_seconds: 9\n  max_seconds: 3", /min_seconds 9: it is over max_seconds 3/],
  ] as const;
  for (const [yaml, message] of wrong) {
    await assert.rejects(load(`datasets:\n${yaml}\n`), message);
  }
});

Deno.test("flags override the datasets of a file, and the other way round", async () => {
  assert.deepEqual((await load(TWO, { input: "/x" })).input, ["/x"]);
  assert.equal((await load(TWO, { input: "/x" })).datasets, null);
  const flagged = await load("input: a", { datasets: "[{input: /y, split: test}]" });
  assert.deepEqual(flagged.input, []);
  assert.deepEqual(flagged.datasets, [{ input: "/y", split: "test" }]);
});

Deno.test("loadConfig() places a name within an entry that does not belong there", async () => {
  const complaint = async (entry: string) => {
    const error = await load(`datasets:\n- input: a\n  ${entry}\n`).catch((error) => error);
    return error.message;
  };
  assert.match(
    await complaint("columns: {txt: b}"),
    /^run.yaml:3:13: datasets.0.columns.txt: expected a map of id, text, .* received 'txt'$/,
  );
  assert.equal(
    await complaint("where: {__proto__: b}"),
    "run.yaml:3:11: datasets.0.where.__proto__: '__proto__' is no name of a column",
  );
});

Deno.test("datasetsOf() refuses a setting of the run that no dataset would hear", async () => {
  const yaml = "datasets:\n- {input: a, split: dev}\n- {input: b, split: test}\nsplit: train\n";
  await assert.rejects(load(yaml), /^UsageError: Cannot use the run's split: every dataset has/);
});

Deno.test("loadConfig() refuses constants of two datasets that share no column", async () => {
  const yaml = (value: string) =>
    `datasets:\n- {input: a, constants: {kind: 1}}\n- {input: b, constants: {kind: ${value}}}\n`;
  await assert.rejects(
    load(yaml("north")),
    /the constant 'kind' .*: it is a number in '.*a' and text/,
  );
  for (const value of ["1.5", "null"]) await load(yaml(value));
});

Deno.test("the settings of a run are the same whatever order the entries' keys have", async () => {
  const settings = async (yaml: string) => JSON.stringify(dataSettings(await load(yaml)));
  assert.equal(
    await settings(
      "datasets:\n- {input: a, split: dev, where: {x: 1, y: 2}, columns: {text: t, audio: b}}\n",
    ),
    await settings(
      "datasets:\n- {columns: {audio: b, text: t}, where: {y: 2, x: 1}, split: dev, input: a}\n",
    ),
  );
});

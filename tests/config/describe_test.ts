import assert from "node:assert/strict";
import { generatedFiles } from "../../docs/generate.ts";
import { checkSettings } from "../../lib/config/check.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { settingsJsonSchema } from "../../lib/config/describe.ts";
import { SETTINGS } from "../../lib/config/settings.ts";
import { parse } from "../../lib/npm/yaml.ts";
import { fromJSONSchema } from "../../lib/npm/zod.ts";
import { openSource } from "../../lib/sources/open.ts";
import { Fixture, samplesIn } from "../sources/fixture.ts";

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

/** Whether an editor that has the schema takes a file for a right one. */
function isValid(yaml: string): boolean {
  return fromJSONSchema(Object(settingsJsonSchema())).safeParse(parse(yaml)).success;
}

const PIPELINE = `base_settings: {audio_codec: org/codec, num_readers: 8, qsize: 100000,
  OUT_DIR: shards, gzip_level: 1, buffer_size: 16777216, lines_per_file: 50000,
  load_dataset_num_proc: 20}
save_settings: {local: my_dataset, hf_upload: null}
hf_datasets:
  - {name: org/cv, sub_name: null, split: train, text_column_name: null, audio_column_name: audio,
     speaker_column_name: null, add_constant: [{key: lang, value: ca}]}
  - {name: org/cv, sub_name: north, split: train, text_column_name: text,
     audio_column_name: audio, speaker_column_name: client, add_constant: null, max_duration: 15}
val_ratio: 0.1
`;

Deno.test("the schema for editors takes the config.yaml of a pipeline, null values included", () => {
  assert.ok(isValid(PIPELINE));
  assert.ok(!isValid(PIPELINE.replace("qsize", "qsise")));
  assert.ok(!isValid(PIPELINE.replace("lines_per_file: 50000", "lines_per_file: many")));
  assert.ok(!isValid(PIPELINE.replace("audio_column_name: audio,", "")));
});

Deno.test("the schema for editors checks every entry of datasets, and explains each of its settings", () => {
  assert.ok(isValid("datasets: [{input: a, constants: {dialect: north}}, {input: b}]"));
  assert.ok(!isValid("datasets: [{input: a, colums: {text: b}}]"));
  assert.ok(!isValid("datasets: [{subset: a}]"));
  const schema = JSON.stringify(settingsJsonSchema());
  const { properties } = JSON.parse(schema);
  const { properties: own } = properties.datasets.anyOf[0].items;
  for (const [name, facts] of Object.entries({ ...properties, ...own })) {
    assert.match(Object(facts).description ?? "", /\w/, name);
  }
});

Deno.test("examples/config.yaml encodes the 33 clips beside it", async () => {
  const cwd = new URL("../../examples", import.meta.url).pathname;
  const config = await loadConfig({ file: "config.yaml", cwd });
  assert.equal(config.valRatio, 0.1);
  assert.deepEqual(config.input, [`${cwd}/speech/manifest.jsonl`]);
  assert.equal((await samplesIn(await openSource(config))).length, 33);
});

Deno.test("the examples of docs/inputs.md are settings, for editors and for a run", async () => {
  const page = Deno.readTextFileSync(new URL("../../docs/inputs.md", import.meta.url));
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = ""]) => yaml);
  assert.equal(examples.length, 2);
  using fixture = new Fixture({});
  for (const yaml of examples) {
    Deno.writeTextFileSync(fixture.path("run.yaml"), yaml);
    assert.ok(isValid(yaml), yaml);
    await loadConfig({ file: "run.yaml", cwd: fixture.folder });
  }
});

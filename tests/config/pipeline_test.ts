import assert from "node:assert/strict";
import { datasetsOf } from "../../lib/config/datasets.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { storedSettings } from "../../lib/config/stored.ts";
import { UsageError } from "../../lib/errors.ts";
import { Fixture } from "../sources/fixture.ts";

/** As the Nano Codec pipeline's users have it, comments and all. */
const NANO = `base_settings:
  audio_codec: nvidia/nemo-nano-codec-22khz-0.6kbps-12.5fps
  num_readers: 8
  qsize: 100000
  OUT_DIR: shards 
  gzip_level: 1
  buffer_size: 16777216
  lines_per_file: 50000
  load_dataset_num_proc: 20

save_settings:
  local: my_dataset                   # dataset dir
  hf_upload: null

hf_datasets:

  - name: org/cv_23
    sub_name: alacanti
    split: train
    text_column_name: sentence
    audio_column_name: audio
    speaker_column_name: null
    add_constant:
      - key: lang
        value: ca
  - name: org/cv_23
    sub_name: balearic                # the same dataset again
    split: train
    text_column_name: text
    audio_column_name: audio
    speaker_column_name: client
    add_constant:
      - key: lang
        value: ca
`;

/** The pipelines read no column that is not named. */
const NONE = { id: "", speaker: "", language: "", duration: "", start: "", end: "" };

async function load(yaml: string, files: Record<string, string> = {}) {
  using fixture = new Fixture({ ...files, "conf/config.yaml": yaml });
  const config = await loadConfig({ file: "conf/config.yaml", cwd: fixture.folder });
  return JSON.parse(JSON.stringify(config).replaceAll(fixture.folder, ""));
}

async function complaints(yaml: string): Promise<string[]> {
  try {
    await load(yaml);
  } catch (error) {
    if (error instanceof UsageError) return error.message.split("\n");
    throw error;
  }
  assert.fail("it was not refused");
}

Deno.test("loadConfig() reads the config.yaml of the Nano Codec pipeline as it is", async () => {
  const config = await load(NANO);
  assert.equal(config.codec, "nvidia/nemo-nano-codec-22khz-0.6kbps-12.5fps");
  assert.equal(config.output, "/conf/shards");
  assert.equal(config.gzipLevel, 1);
  assert.equal(config.shardSize, 50_000);
  assert.equal(config.saveLocal, "/conf/my_dataset");
  assert.equal(config.hfUpload, null);
  assert.equal(config.valRatio, 0);
  assert.deepEqual(config.input, []);
  const dataset = {
    ...{ input: "hf://datasets/org/cv_23", split: "train", where: {}, constants: { lang: "ca" } },
    ...{ maxSamples: null, minSeconds: null, maxSeconds: null },
  };
  assert.deepEqual(datasetsOf(config), [
    { ...dataset, config: "alacanti", columns: { ...NONE, text: "sentence", audio: "audio" } },
    {
      ...dataset,
      config: "balearic",
      columns: { ...NONE, text: "text", audio: "audio", speaker: "client" },
    },
  ]);
});

Deno.test("loadConfig() says once what settings of the pipeline became", async () => {
  const { notices } = await load(NANO);
  assert.equal(notices.length, 1);
  for (const name of ["num_readers", "qsize 100000", "buffer_size", "lines_per_file"]) {
    assert.ok(notices[0].includes(`\n  ${name}`), name);
  }
  assert.deepEqual((await load("input: speech")).notices, []);
});

Deno.test("loadConfig() takes null for everything that the pipelines let be null", async () => {
  const yaml = NANO.replace("local: my_dataset", "local: null")
    .replaceAll(/add_constant:\n {6}- key: lang\n {8}value: ca/g, "add_constant: null")
    .replaceAll(/sub_name: .*/g, "sub_name: null").replace("org/cv_23", "org/other");
  const config = await load(yaml);
  assert.equal(config.saveLocal, null);
  assert.deepEqual(
    datasetsOf(config).map(({ input, config, constants }) => [input, config, constants]),
    [
      ["hf://datasets/org/other", null, {}],
      ["hf://datasets/org/cv_23", null, {}],
    ],
  );
});

Deno.test("loadConfig() lets the constant of a pipeline take the place of a column, and says so", async () => {
  const yaml = NANO.replaceAll("key: lang", "key: speaker");
  const config = await load(yaml);
  const [first, second] = datasetsOf(config);
  assert.deepEqual(second?.columns, { ...NONE, text: "text", audio: "audio" });
  assert.deepEqual(second?.constants, { speaker: "ca" });
  assert.deepEqual(first?.constants, { speaker: "ca" });
  assert.match(config.notices[0], /speaker of 'org\/cv_23' takes the place of its column 'client'/);
});

Deno.test("loadConfig() takes a folder of that name before the Hub's, as load_from_disk in a fork", async () => {
  const yaml = NANO.replace("org/cv_23", "org/local");
  const config = await load(yaml, { "conf/org/local/state.json": "{}" });
  assert.deepEqual(datasetsOf(config).map(({ input }) => input), [
    "/conf/org/local",
    "hf://datasets/org/cv_23",
  ]);
});

Deno.test("loadConfig() knows what forks and trainers added: durations, rows, a column filter", async () => {
  const added = "    max_duration_sec: 15\n    min_duration: 0.5\n    max_len: 1000\n" +
    "    categorical_filter:\n      column_name: dialect\n      value: north\n";
  const config = await load(`${NANO}${added}val_ratio: 0.1\n`);
  const { maxSeconds, minSeconds, maxSamples, where } = datasetsOf(config)[1] ?? {};
  assert.deepEqual(
    { maxSeconds, minSeconds, maxSamples, where },
    { maxSeconds: 15, minSeconds: 0.5, maxSamples: 1000, where: { dialect: "north" } },
  );
  assert.equal(config.valRatio, 0.1);
});

Deno.test("loadConfig() names the line of what is wrong in a pipeline's config", async () => {
  assert.deepEqual(await complaints(NANO.replace("qsize:", "qsise:")), [
    "conf/config.yaml:4:3: base_settings.qsise: the pipelines have no such setting",
  ]);
  assert.deepEqual(await complaints(NANO.replace("    audio_column_name: audio\n", "")), [
    "conf/config.yaml:17:5: hf_datasets.0.audio_column_name: 'audio_column_name' is missing",
  ]);
  assert.match(
    (await complaints(NANO.replace("gzip_level: 1", "gzip_level: fast")))[0] ?? "",
    /^conf\/config.yaml:6:15: base_settings.gzip_level: /,
  );
});

Deno.test("a constant that collides with a column is refused with its line, before anything starts", async () => {
  for (const name of ["text", "id", "encoded_len", "nano_layer_1", "num_samples", "tokens"]) {
    const [complaint = ""] = await complaints(NANO.replace("key: lang", `key: ${name}`));
    assert.match(complaint, /^conf\/config.yaml:24:7: hf_datasets.0.add_constant: /);
    assert.ok(complaint.endsWith(`received '${name}'`), complaint);
  }
});

Deno.test("a dataset that is listed twice is refused; another subset of it is not", async () => {
  const yaml = NANO.replace("balearic", "alacanti");
  assert.match(
    (await complaints(yaml)).join(),
    /dataset 'hf:\/\/datasets\/org\/cv_23' \(alacanti, train\) is listed twice/,
  );
});

Deno.test("constants that one dataset lacks are null there, so that all files have one schema", async () => {
  const config = await load(NANO.replace("key: lang", "key: dialect"));
  assert.deepEqual(datasetsOf(config).map(({ constants }) => constants), [
    { dialect: "ca", lang: null },
    { dialect: null, lang: "ca" },
  ]);
});

Deno.test("a run keeps the config of a pipeline as settings of its own", async () => {
  const config = await load(NANO);
  const again = await loadConfig({ stored: storedSettings(config), cwd: "/elsewhere" });
  assert.deepEqual({ ...again, notices: config.notices }, config);
});

Deno.test("loadConfig() places what is wrong of settings beside a pipeline's own, whatever they are called", async () => {
  assert.deepEqual(await complaints(`${NANO}gzip_level: 99\nconstructor: 2\n`), [
    "conf/config.yaml:35:13: gzip_level: expected a whole number from 1 to 9: received 99",
    "conf/config.yaml:36:1: constructor: no such setting",
  ]);
});

Deno.test("loadConfig() refuses what would go unheard beside hf_datasets", async () => {
  assert.deepEqual(await complaints(`${NANO}datasets: [{input: x}]\n`), [
    "conf/config.yaml:35:1: datasets: 'hf_datasets' says what to encode as well: leave one of the " +
    "two out",
  ]);
  assert.match((await complaints(`${NANO}split: test\n`)).join(), /^Cannot use the run's split:/);
});

Deno.test("loadConfig() merges maps of a pipeline's config as its own reader does", async () => {
  const yaml = NANO.replace(
    "  - name: org/cv_23\n    sub_name: al",
    "  - &first\n    name: org/cv_23\n    sub_name: al",
  );
  const config = await load(`${yaml}  - <<: *first\n    sub_name: third\n`);
  const [first, , third] = datasetsOf(config);
  assert.deepEqual(third, { ...first, config: "third" });
});

Deno.test("loadConfig() tells of no setting that was not given, and not of the one split where two are asked for", async () => {
  const told = async (yaml: string) => (await load(yaml)).notices.join();
  assert.match(await told(NANO), /set 'val_ratio'/);
  assert.doesNotMatch(await told(`${NANO}val_ratio: 0.1\n`), /set 'val_ratio'/);
  const bare = "base_settings: {audio_codec: bundled}\nval_ratio: 0.1\n" +
    "hf_datasets: [{name: org/a, audio_column_name: audio}]\n";
  assert.equal(await told(bare), "");
});

Deno.test("loadConfig() refuses a constant that JavaScript would drop", async () => {
  const [complaint = ""] = await complaints(NANO.replace("key: lang", "key: __proto__"));
  assert.match(complaint, /hf_datasets.0.add_constant: '__proto__' is no name of a column$/);
});

import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { keyOf } from "../../lib/config/flags.ts";
import { loadConfig, type LoadConfigOptions } from "../../lib/config/load.ts";
import { SETTINGS } from "../../lib/config/settings.ts";
import { dataSettings, storedSettings } from "../../lib/config/stored.ts";
import { UsageError } from "../../lib/errors.ts";
import { Fixture } from "../sources/fixture.ts";

type Given = Pick<LoadConfigOptions, "flags" | "stored">;

/** Loads `conf/run.yaml` with this text, from a working directory `cwd` beside `conf`. */
async function load(yaml: string | Uint8Array, given: Given = {}) {
  using fixture = new Fixture({ "conf/run.yaml": yaml });
  const cwd = fixture.path("cwd");
  const config = await loadConfig({ file: "../conf/run.yaml", cwd, ...given });
  return JSON.parse(JSON.stringify(config).replaceAll(fixture.folder, ""));
}

/** Lines of the message by which a file is refused; the file is called `run.yaml`. */
async function complaints(yaml: string | Uint8Array, given: Given = {}): Promise<string[]> {
  try {
    await load(yaml, given);
  } catch (error) {
    if (error instanceof UsageError) return error.message.replaceAll("../conf/", "").split("\n");
    throw error;
  }
  assert.fail("it was not refused");
}

const DEFAULTS = {
  input: ["/conf/speech"],
  inputFormat: "auto",
  subset: null,
  split: null,
  where: {},
  datasets: null,
  streaming: true,
  allowPartial: false,
  format: "jsonl.gz",
  layout: "layers",
  layoutBase: null,
  removeRepeatedFrames: false,
  saveLocal: null,
  hfUpload: null,
  hfPublic: false,
  notices: [],
  audioRoot: [],
  columns: null,
  delimiter: null,
  header: null,
  quotes: null,
  audioPattern: null,
  output: "/cwd/speechmill-out",
  codec: "bundled",
  devices: "auto",
  valRatio: 0.01,
  splitBy: "id",
  shardSize: 10_000,
  gzipLevel: 6,
  constants: {},
  maxSamples: null,
  minSeconds: null,
  maxSeconds: null,
  batchSeconds: null,
  windowSeconds: null,
  maxRetries: 2,
  stallSeconds: 120,
  ledger: null,
  bandwidth: null,
  codebooks: null,
  chunked: false,
  precision: "float32",
};

Deno.test("loadConfig() fills in the defaults", async () => {
  assert.deepEqual(await load("input: speech"), DEFAULTS);
});

Deno.test("loadConfig() names the line of a device that no machine has", async () => {
  assert.deepEqual(await complaints("input: speech\ndevices: cpu,gpu"), [
    "run.yaml:2:10: devices: expected auto, cpu, cpu:4, cuda:0,cuda:1 or webgpu: received 'cpu,gpu'",
  ]);
  for (const devices of ["cpu", "cpu:4", "cuda", "cuda:0, cuda:GPU-1a-2b", "webgpu,cpu:1"]) {
    assert.equal((await load(`input: a\ndevices: '${devices}'`)).devices, devices);
  }
});

Deno.test("loadConfig() works without a file", async () => {
  const config = await loadConfig({ flags: { input: "/x/y" }, cwd: "/w" });
  assert.deepEqual(config, {
    ...DEFAULTS,
    input: ["/x/y"],
    output: "/w/speechmill-out",
  });
});

Deno.test("loadConfig() begins the file's paths in its folder, those of flags where the user is", async () => {
  const yaml = "input: [a, ../b, /c]\naudio_root: r\noutput: o\nledger: l\ncodec: ./my-codec";
  const fromFile = await load(yaml);
  assert.deepEqual(fromFile.input, ["/conf/a", "/b", "/c"]);
  assert.deepEqual(fromFile.audioRoot, ["/conf/r"]);
  assert.equal(fromFile.output, "/conf/o");
  assert.equal(fromFile.ledger, "/conf/l");
  assert.equal(fromFile.codec, "/conf/my-codec");
  const flags = { input: ["d"], audioRoot: ["s", "t"], output: "p", ledger: "m", codec: "snac" };
  const fromFlags = await load(yaml, { flags });
  assert.deepEqual(fromFlags.input, ["/cwd/d"]);
  assert.deepEqual(fromFlags.audioRoot, ["/cwd/s", "/cwd/t"]);
  assert.equal(fromFlags.output, "/cwd/p");
  assert.equal(fromFlags.ledger, "/cwd/m");
  assert.equal(fromFlags.codec, "snac");
});

Deno.test("loadConfig() reads the text behind flags as YAML reads it, over what the file says", async () => {
  const config = await load("input: a\nmax_seconds: 5\nval_ratio: 0.2\nconstants: {x: 1}", {
    flags: {
      valRatio: "0.1",
      shardSize: "500",
      maxSeconds: "null",
      header: "false",
      columns: ["id=0", "text=my column", 'audio="2"'],
      constants: ["a=1", "b=text=with =", "c=null", 'd="1"', "e="],
      delimiter: "tab",
      minSeconds: undefined,
    },
  });
  assert.deepEqual(config, {
    ...DEFAULTS,
    input: ["/conf/a"],
    valRatio: 0.1,
    shardSize: 500,
    maxSeconds: null,
    header: false,
    columns: { id: 0, text: "my column", audio: "2" },
    constants: { a: 1, b: "text=with =", c: null, d: "1", e: "" },
    delimiter: "\t",
  });
});

Deno.test("loadConfig() takes values in place of texts", async () => {
  const flags = { valRatio: 0.5, columns: { id: 0 }, constants: { a: true }, maxSamples: null };
  const config = await load("input: a\nmax_samples: 3", { flags });
  assert.equal(config.valRatio, 0.5);
  assert.deepEqual(config.columns, { id: 0 });
  assert.deepEqual(config.constants, { a: true });
  assert.equal(config.maxSamples, null);
});

Deno.test("loadConfig() names file, line and column of a wrong value, and what was meant", async () => {
  assert.deepEqual(
    await complaints(
      "# a comment\ninput: a\n\n\nsplit_by: speker\nval_ratio: 1.5\nshard_size: many\n",
    ),
    [
      "run.yaml:5:11: split_by: expected one of id, speaker, text: received 'speker', did you mean 'speaker'",
      "run.yaml:6:12: val_ratio: expected a number from 0 to 1: received 1.5",
      "run.yaml:7:13: shard_size: expected a whole number, 1 or more: received 'many'",
    ],
  );
});

const COMPLAINTS: readonly (readonly [yaml: string, complaint: string])[] = [
  ["input: a\nvalratio: 1", "2:1: valratio: no such setting, did you mean 'val_ratio'"],
  ["input: a\nbanana: 1", "2:1: banana: no such setting"],
  ["input: a\n1: 2", "2:1: 1: no such setting"],
  ["input:", "1:7: input: expected a path, or a list of paths: received null"],
  ["input: []", "1:8: input: expected a path, or a list of paths: received an empty list"],
  ["input: {a: b}", "1:8: input: expected a path, or a list of paths: received a map"],
  ["input: a\nheader: yes", "2:9: header: expected true, false or null: received 'yes'"],
  ["input: a\nval_ratio: .nan", "2:12: val_ratio: expected a number from 0 to 1: received NaN"],
  [
    "input: a\ncolumns:\n  id: 0\n  txt: 1",
    "4:3: columns.txt: expected one of id, text, audio, speaker, language, duration, start, end: received 'txt', did you mean 'text'",
  ],
  [
    "input: a\ncolumns: {id: -1}",
    "2:15: columns.id: expected the name of a column, its number from 0, or '' for none: received -1",
  ],
  [
    "input: a\naudio_pattern: 'wavs/{name}.wav'",
    "2:16: audio_pattern: expected a path with {id} and perhaps {speaker} in it, such as wavs/{id}.wav, or null: received 'wavs/{name}.wav'",
  ],
  [
    "input: a\ndelimiter: '||'",
    "2:12: delimiter: expected one character, the word tab, or null: received '||'",
  ],
  [
    "input: a\nconstants:\n  long: 12345678901234567890",
    "3:9: constants.long: expected text, an exact number, true, false or null: received 12345678901234567000",
  ],
  [
    "input: a\nconstants: {x: [1]}",
    "2:16: constants.x: expected text, an exact number, true, false or null: received a list",
  ],
  ["input: a\ninput: b", "2:1: input: it is set a second time: leave one out"],
  ["", "1:1: the file is empty: expected settings such as 'input: speech/manifest.jsonl'"],
  ["# nothing", "1:1: the file is empty: expected settings such as 'input: speech/manifest.jsonl'"],
  ["- a", "1:1: this is not a map: expected settings such as 'input: speech/manifest.jsonl'"],
];

Deno.test("loadConfig() refuses what does not fit, with its place", async () => {
  for (const [yaml, complaint] of COMPLAINTS) {
    assert.deepEqual(await complaints(yaml), [`run.yaml:${complaint}`], yaml);
  }
});

Deno.test("loadConfig() gives the place of a syntax error", async () => {
  const [first] = await complaints("input: [a\nval_ratio: 2");
  assert.match(first ?? "", /^run\.yaml:2:1: Flow sequence/);
  const [second] = await complaints("input: a\n---\ninput: b");
  assert.match(second ?? "", /^run\.yaml:2:1: /);
  const [third] = await complaints("input: !nothing a");
  assert.match(third ?? "", /^run\.yaml:1:8: Unresolved tag/);
});

Deno.test("loadConfig() refuses constants that are named like a column of a row", async () => {
  const names = ["id", "text", "snac_layer_12", "encoded_len", "__proto__", "a b", "1st", ""];
  const yaml = ["input: a", "constants:", ...names.map((name) => `  "${name}": 1`)].join("\n");
  const expected = "expected letters, digits and _, a letter first, and no other column's name";
  assert.deepEqual(
    (await complaints(yaml)).toSorted(),
    names.map((name, index) =>
      `run.yaml:${index + 3}:3: constants.${name}: ${expected}: received '${name}'`
    ).toSorted(),
  );
});

Deno.test("loadConfig() names the flag of a wrong value", async () => {
  const flags = { splitBy: "speker", valRatio: "", columns: ["txt=1"], constants: ["novalue"] };
  assert.deepEqual((await complaints("input: a", { flags })).toSorted(), [
    "--columns: txt: expected one of id, text, audio, speaker, language, duration, start, end: received 'txt', did you mean 'text'",
    "--constants: expected a map such as {dataset: ljspeech}: received 'novalue'",
    "--split-by: expected one of id, speaker, text: received 'speker', did you mean 'speaker'",
    "--val-ratio: expected a number from 0 to 1: received ''",
  ]);
});

Deno.test("loadConfig() refuses a run without input, and limits that leave no clip", async () => {
  assert.deepEqual(await complaints("codec: bundled"), [
    "Cannot plan a run: no input is given: use --input, or 'input:' in a config file",
  ]);
  assert.deepEqual(await complaints("input: a\nmin_seconds: 3\nmax_seconds: 2"), [
    "Cannot use min_seconds 3: it is over max_seconds 2, so that no clip is left",
  ]);
});

Deno.test("loadConfig() refuses a file that cannot be read", async () => {
  assert.deepEqual(await complaints(new Uint8Array([0xff])), [
    "Cannot read config 'run.yaml': it is not valid UTF-8",
  ]);
  using fixture = new Fixture({ "a/b": "" });
  const cwd = fixture.folder;
  await assert.rejects(
    loadConfig({ file: "none.yaml", cwd }),
    new UsageError("Cannot read config 'none.yaml': no such file"),
  );
  await assert.rejects(
    loadConfig({ file: "a", cwd }),
    new UsageError(
      "Cannot read config 'a': it is a folder: to encode what is in it, give it with --input",
    ),
  );
});

Deno.test("loadConfig() refuses YAML that unfolds without end", async () => {
  const levels = "abcdefgh".split("").map((name, index, all) =>
    `${name}: &${name} [${Array(9).fill(index === 0 ? "x" : `*${all[index - 1]}`).join(", ")}]`
  );
  const [first] = await complaints(["input: x", ...levels].join("\n"));
  assert.match(first ?? "", /^run\.yaml:1:1: Excessive alias count/);
});

Deno.test("loadConfig() reads back what storedSettings() keeps, and lets flags change it", async () => {
  const yaml = "input: [a, b]\ndelimiter: tab\ncolumns: {id: 0}\nconstants: {b: 1, a: null}\n" +
    "codec: ./x\nledger: l\nheader: false\nmin_seconds: 1";
  using fixture = new Fixture({ "run.yaml": yaml });
  const config = await loadConfig({ file: "run.yaml", cwd: fixture.folder });
  const stored: unknown = JSON.parse(JSON.stringify(storedSettings(config)));
  assert.deepEqual(await loadConfig({ stored, cwd: "/elsewhere" }), config);
  const flags = { devices: "cpu:2" };
  assert.deepEqual(await loadConfig({ stored, flags, cwd: "/elsewhere" }), {
    ...config,
    devices: "cpu:2",
  });
});

Deno.test("loadConfig() names a stored setting that it does not know", async () => {
  await assert.rejects(
    loadConfig({ stored: { input: "a", colour: 1 }, cwd: "/" }),
    new UsageError("the run's own config: colour: no such setting"),
  );
});

Deno.test("dataSettings() holds what decides the bytes, and nothing else", async () => {
  const config = await loadConfig({ flags: { input: "/a" }, cwd: "/" });
  assert.deepEqual(Object.keys(dataSettings(config)), [
    "input",
    "input_format",
    "subset",
    "split",
    "columns",
    "where",
    "constants",
    "datasets",
    "audio_root",
    "delimiter",
    "header",
    "quotes",
    "audio_pattern",
    "max_samples",
    "min_seconds",
    "max_seconds",
    "allow_partial",
    "codec",
    "bandwidth",
    "codebooks",
    "chunked",
    "precision",
    "format",
    "layout",
    "layout_base",
    "remove_repeated_frames",
    "val_ratio",
    "split_by",
    "shard_size",
    "gzip_level",
  ]);
});

Deno.test("dataSettings() keeps the order of the constants, which is that of the columns", async () => {
  const text = async (constants: string[]) => {
    const config = await loadConfig({ flags: { input: "/a", constants }, cwd: "/" });
    return JSON.stringify(dataSettings(config));
  };
  assert.notEqual(await text(["a=1", "b=2"]), await text(["b=2", "a=1"]));
});

Deno.test("keyOf() gives every setting a key of RunConfig", async () => {
  const { notices: _, ...config } = await loadConfig({ flags: { input: "/a" }, cwd: "/" });
  assert.deepEqual(
    SETTINGS.map(({ name }) => keyOf(name)).toSorted(),
    Object.keys(config).toSorted(),
  );
});

Deno.test("loadConfig() never throws anything but a UsageError, whatever the file says", async () => {
  const name = fc.constantFrom("input", "columns", "constants", "val_ratio", "header", "__proto__");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, fc.json())), async (entries) => {
      const yaml = entries.map(([key, value]) => `${key}: ${value}`).join("\n");
      try {
        await load(yaml);
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
      }
    }),
  );
});

/**
 * From the Hub to the Hub: real speech goes up as a dataset, is encoded from there by a pipeline's
 * own `config.yaml`, comes back as tokens, and is read by a public reader.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inspect } from "node:util";
import { loadConfig } from "../lib/config/config.ts";
import type { RunConfig } from "../lib/config/run_config.ts";
import { encode, type EncodeOptions, resume } from "../lib/encode.ts";
import type { EncodeEvent } from "../lib/encoding/events.ts";
import { UsageError } from "../lib/errors.ts";
import { pathExists } from "../lib/fs.ts";
import { uploadFiles } from "../lib/npm/huggingface_hub.ts";
import { parquetReadObjects } from "../lib/npm/hyparquet.ts";
import { compressors } from "../lib/npm/hyparquet_compressors.ts";
import { parquetWriteBuffer } from "../lib/npm/hyparquet_writer.ts";
import { openRun } from "../lib/open_run.ts";
import { verifyRun } from "../lib/verify.ts";
import { HubServer, REPOSITORY } from "./support/hub_server.ts";
import { TOKEN } from "./support/hub_session.ts";
import { temporaryDirectory } from "./support/run_once.ts";

const root = new URL("..", import.meta.url).pathname;
const SPEECH = join(root, "examples/speech");
const CODEC = join(root, "tests/data/checkpoints/nemo/narrow_nano.nemo");
const DATASET = "user/speech";
const TARGET = "user/tokens";

/** As a user of the Nano Codec pipeline has it, but for the names. */
const CONFIG = `base_settings:
  audio_codec: ${REPOSITORY}
  num_readers: 8
  qsize: 100000
  OUT_DIR: shards
  gzip_level: 1
  buffer_size: 16777216
  lines_per_file: 3
  load_dataset_num_proc: 20

save_settings:
  local: dataset_local        # dataset dir
  hf_upload: ${TARGET}

hf_datasets:

  - name: ${DATASET}
    sub_name: north
    split: train
    text_column_name: sentence
    audio_column_name: audio
    speaker_column_name: null
    add_constant:
      - key: speaker
        value: linda
      - key: lang
        value: en

  - name: ${DATASET}
    sub_name: south           # the same repository again
    split: train
    text_column_name: sentence
    audio_column_name: audio
    speaker_column_name: null
    add_constant:
      - key: speaker
        value: george
      - key: lang
        value: en
`;

/** FLAC clips and their texts, in the order of their names. */
function clips(count: number, from = 0): { bytes: Uint8Array; path: string }[] {
  const names = [...Deno.readDirSync(SPEECH)].map(({ name }) => name)
    .filter((name) => name.endsWith(".flac")).sort().slice(from, from + count);
  return names.map((path) => ({ bytes: Deno.readFileSync(join(SPEECH, path)), path }));
}

function parquetOf(audio: ReturnType<typeof clips>): Uint8Array<ArrayBuffer> {
  const optional = { repetition_type: "OPTIONAL" } as const;
  const text = { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
  return new Uint8Array(parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 3 },
      // Every subset counts from 0: the pipelines read no column that is not named.
      { ...text, name: "id" },
      { ...optional, name: "audio", num_children: 2 },
      { ...optional, name: "bytes", type: "BYTE_ARRAY" },
      { ...text, name: "path" },
      { ...text, name: "sentence" },
    ],
    columnData: [
      { name: "id", data: audio.map((_, i) => String(i)) },
      { name: "audio", data: audio },
      { name: "sentence", data: audio.map(({ path }) => `what ${path} says`) },
    ],
    rowGroupSize: 2,
  }));
}

/** A Hub with a dataset of two subsets, a codec, and a user who may write. */
class SpeechHub implements AsyncDisposable {
  readonly server = new HubServer();
  readonly directory = temporaryDirectory();
  readonly events: EncodeEvent[] = [];

  constructor() {
    const account = { name: "user", organisations: [], role: "write" } as const;
    this.server.uploads.accounts.add(TOKEN, account);
    this.server.files.set("nano.nemo", { content: Deno.readFileSync(CODEC), large: true });
  }

  /** Puts the dataset up as anybody would. */
  async publish(): Promise<void> {
    this.server.uploads.make(DATASET);
    const subset = (name: string) =>
      `- config_name: ${name}\n  data_files:\n  - split: train\n    path: ${name}/train-*.parquet\n`;
    const file = (path: string, content: BlobPart) => ({ path, content: new Blob([content]) });
    await uploadFiles({
      repo: { type: "dataset", name: DATASET },
      hubUrl: this.server.endpoint,
      accessToken: TOKEN,
      files: [
        file("README.md", `---\nconfigs:\n${subset("north")}${subset("south")}---\n`),
        file("north/train-00000-of-00002.parquet", parquetOf(clips(2))),
        file("north/train-00001-of-00002.parquet", parquetOf(clips(1, 2))),
        file("south/train-00000-of-00001.parquet", parquetOf(clips(3, 3))),
      ],
    });
  }

  get hub(): NonNullable<EncodeOptions["hub"]> {
    const variables = new Map<string, string>([
      ...[["HF_ENDPOINT", this.server.endpoint], ["HF_TOKEN", TOKEN]] as const,
      ["HF_HOME", join(this.directory.path, "hf")],
      ["SPEECHMILL_CACHE", this.cache],
    ]);
    return { environment: (name) => variables.get(name), wait: () => Promise.resolve() };
  }

  get cache(): string {
    return join(this.directory.path, "cache");
  }

  get output(): string {
    return join(this.directory.path, "shards");
  }

  async config(yaml = CONFIG, flags: Record<string, string> = {}): Promise<RunConfig> {
    Deno.writeTextFileSync(join(this.directory.path, "config.yaml"), yaml);
    return await loadConfig({
      ...{ file: "config.yaml", cwd: this.directory.path },
      flags: { devices: "cpu:1", ...flags },
    });
  }

  async encode(config: RunConfig, options: EncodeOptions = {}): Promise<EncodeEvent | undefined> {
    for await (const event of encode(config, { hub: this.hub, ...options })) {
      this.events.push(event);
    }
    return this.events.at(-1);
  }

  /** The bytes of a file in a repository. */
  remote(repository: string, name: string): Uint8Array<ArrayBuffer> {
    const file = this.server.datasets.at(repository, "main")?.files.get(name);
    assert.ok(file !== undefined, `${repository} has no ${name}`);
    return file.content;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    assert.ok(!inspect(this.events, { depth: 20 }).includes(TOKEN), "an event shows the token");
    for (const text of texts(this.output)) assert.ok(!text.includes(TOKEN), "a file has the token");
    this.directory[Symbol.dispose]();
  }
}

/** All files below a folder, as text. */
function* texts(folder: string): Generator<string> {
  if (!pathExists(folder)) return;
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* texts(path);
    else yield new TextDecoder("latin1").decode(Deno.readFileSync(path));
  }
}

Deno.test("a pipeline's config.yaml takes a dataset from the Hub and puts its tokens there", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const last = await session.encode(await session.config());
  assert.ok(last?.type === "finished" && last.summary.finished);
  assert.equal(last.summary.done, 6);
  assert.deepEqual(last.summary.splits.map(({ name, rows }) => [name, rows]), [["train", 6]]);

  // Two subsets of one repository: no shard of one takes the place of the other's.
  using run = await openRun(session.output);
  const rows = await Array.fromAsync(run.rows());
  assert.deepEqual(
    rows.map(({ id, text, speaker, raw }) => [id, text, speaker, raw["lang"]]),
    clips(6).map(({ path }, i) => [
      `${DATASET}/${i < 3 ? "north" : "south"}/train/${i % 3}`,
      `what ${path} says`,
      i < 3 ? "linda" : "george",
      "en",
    ]),
  );
  const columns = Object.keys(rows[0]?.raw ?? {});
  const layers = columns.filter((name) => name.startsWith("nano_layer_"));
  assert.equal(layers.length, rows[0]?.codes.length);
  // The pipeline's columns, in its order, whatever stands between them.
  const theirs = ["text", ...layers, "encoded_len", "speaker", "lang"];
  assert.deepEqual(columns.filter((name) => theirs.includes(name)), theirs);

  // The row groups are gone: each is brought once more, and dropped again.
  const checks = verifyRun(session.output, { rebatch: 1, hub: session.hub });
  const report = (await Array.fromAsync(checks)).at(-1);
  assert.ok(report?.type === "finished");
  assert.deepEqual(report.report.problems, []);
  assert.equal(report.report.rebatch?.samples, 6);

  // The same files lie in the run, in the folder for load_dataset, and on the Hub.
  for (const { path } of run.files) {
    const bytes = Deno.readFileSync(join(session.output, path));
    assert.deepEqual(Deno.readFileSync(join(session.directory.path, "dataset_local", path)), bytes);
    assert.deepEqual(session.remote(TARGET, path), bytes);
  }
  assert.equal(run.files.length, 2);
  assert.ok(!pathExists(join(session.directory.path, "dataset_local", ".speechmill")));
  const made = session.server.uploads.repositories.get(TARGET);
  assert.ok(made?.isPrivate);
  assert.ok(made.history.length <= 2, "few commits");
  assert.ok(!made.history.some(({ names }) => names.some((name) => name.includes(".speechmill"))));
  // Nothing of what was streamed stays.
  assert.ok(!pathExists(join(session.cache, "runs")) || isEmpty(join(session.cache, "runs")));
});

function isEmpty(folder: string): boolean {
  return [...Deno.readDirSync(folder)].length === 0;
}

Deno.test("the Parquet that a run puts on the Hub is read by a public reader", async () => {
  await using session = new SpeechHub();
  await session.publish();
  await session.encode(await session.config(CONFIG, { format: "parquet" }));
  using run = await openRun(session.output);
  const back: unknown[] = [];
  for (const { path } of run.files) {
    const file = session.remote(TARGET, path).buffer;
    back.push(...await parquetReadObjects({ file, compressors }));
  }
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, each) => typeof each === "bigint" ? Number(each) : each));
  const rows = (await Array.fromAsync(run.rows())).map(({ raw }) => raw);
  assert.deepEqual(plain(back), rows);
});

Deno.test("a run goes on with the commit it was planned with, though the branch has moved", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const config = await session.config(CONFIG.replace(/hf_upload: .*/, "hf_upload: null"));
  const stop = new AbortController();
  for await (const event of encode(config, { hub: session.hub, signal: stop.signal })) {
    if (event.type === "planned") stop.abort("enough for today");
  }
  session.server.datasets.commit(DATASET, "main", {});
  const last = (await Array.fromAsync(resume(session.output, { hub: session.hub }))).at(-1);
  assert.ok(last?.type === "finished" && last.summary.finished);
  assert.equal(last.summary.done, 6);
});

Deno.test("what is wrong with a dataset or a target is said before anything is encoded", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const wrong: [string, string, RegExp][] = [
    [`name: ${DATASET}\n    sub_name: north`, `name: user/gone\n    sub_name: north`, /user\/gone/],
    ["sub_name: north", "sub_name: nort", /nort.*north.*south/s],
    ["split: train", "split: test", /test.*train/s],
    ["text_column_name: sentence", "text_column_name: text", /'text'.*sentence/s],
    [`hf_upload: ${TARGET}`, "hf_upload: stranger/tokens", /stranger\/tokens/],
  ];
  for (const [from, to, message] of wrong) {
    const config = await session.config(CONFIG.replace(from, to));
    await assert.rejects(session.encode(config), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, message);
      return true;
    });
    assert.ok(!pathExists(join(session.output, "manifest.json")), to);
  }
  session.server.uploads.accounts.add(TOKEN, { name: "user", organisations: [], role: "read" });
  await assert.rejects(session.encode(await session.config()), UsageError);
  assert.ok(!session.events.some(({ type }) => type === "planned"));
});

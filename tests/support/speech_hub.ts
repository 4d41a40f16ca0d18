/** A Hub with speech as a dataset of two subsets, a codec, and a user who encodes it from there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inspect } from "node:util";
import { loadConfig } from "../../lib/config/config.ts";
import type { RunConfig } from "../../lib/config/run_config.ts";
import { encode, type EncodeOptions } from "../../lib/encode.ts";
import type { EncodeEvent } from "../../lib/encoding/events.ts";
import { pathExists } from "../../lib/fs.ts";
import { uploadFiles } from "../../lib/npm/huggingface_hub.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { HubServer, REPOSITORY } from "./hub_server.ts";
import { TOKEN } from "./hub_session.ts";
import { temporaryDirectory } from "./run_once.ts";

const root = new URL("../..", import.meta.url).pathname;
const SPEECH = join(root, "examples/speech");
const CODEC = join(root, "tests/data/checkpoints/nemo/narrow_nano.nemo");
/** The repository with the speech. */
export const DATASET = "user/speech";
/** Where its tokens go. */
export const TARGET = "user/tokens";

/** As a user of the Nano Codec pipeline has it, but for the names. */
export const CONFIG = `base_settings:
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
export function clips(count: number, from = 0): { bytes: Uint8Array; path: string }[] {
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
export class SpeechHub implements AsyncDisposable {
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

/** A Hub with a dataset, a cache folder and an environment for one test. */
import { join } from "node:path";
import type { HubOptions } from "../../lib/hub/repository.ts";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import {
  type HubDatasetOptions,
  type HubDatasetSource,
  openHubDataset,
} from "../../lib/sources/hub_dataset.ts";
import type { SourceItem, SourceSample } from "../../lib/sources/source.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";
import { bytesOf, type HubFile, HubServer } from "./hub_server.ts";
import { seededRandom } from "./random.ts";

/** Rows in a row group, and bytes of the audio of a row. */
export const GROUP_ROWS = 3;
export const AUDIO_BYTES = 40_000;

/** The audio of a row: noise, so that no two are alike. */
export function audioOf(row: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(row + 1);
  return Uint8Array.from({ length: AUDIO_BYTES }, () => Math.floor(random() * 256));
}

/** Parquet with a text, a speaker and the audio (`struct{bytes, path}`) of each row. */
export function speechFile(rows: number, firstRow = 0): HubFile {
  const numbers = Array.from({ length: rows }, (_, index) => firstRow + index);
  const audio = numbers.map((row) => ({ bytes: audioOf(row), path: `${row}.wav` }));
  const optional = { repetition_type: "OPTIONAL" } as const;
  const text = { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
  const content = new Uint8Array(parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 3 },
      { ...text, name: "text" },
      { ...optional, name: "audio", num_children: 2 },
      { ...optional, name: "bytes", type: "BYTE_ARRAY" },
      { ...text, name: "path" },
      { ...text, name: "speaker" },
    ],
    columnData: [
      { name: "text", data: numbers.map((row) => `text ${row}`) },
      { name: "audio", data: audio },
      { name: "speaker", data: numbers.map((row) => `speaker ${row % 2}`) },
    ],
    codec: "UNCOMPRESSED",
    rowGroupSize: GROUP_ROWS,
  }));
  return { content, large: true };
}

/** Parquet with one column of text. */
export function textFile(name: string, values: readonly string[], large = true): HubFile {
  const columnData = [{ name, data: [...values], type: "STRING" as const }];
  return { content: new Uint8Array(parquetWriteBuffer({ columnData })), large };
}

/** A small file. */
export function plainFile(text: string): HubFile {
  return { content: bytesOf(text), large: false };
}

/** Everything that a dataset of the Hub needs. Waiting takes no time and is written down. */
export class DatasetSession implements AsyncDisposable {
  readonly server = new HubServer();
  readonly variables: Map<string, string>;
  /** Milliseconds of each pause. */
  readonly waits: number[] = [];
  readonly #folder = new TemporaryFolder();

  constructor() {
    this.variables = new Map([
      ["HF_ENDPOINT", this.server.endpoint],
      ["HF_HOME", this.path("home")],
    ]);
  }

  /** What is given to whoever asks the Hub. */
  get hub(): HubOptions {
    return {
      environment: (name) => this.variables.get(name),
      wait: (milliseconds) => {
        this.waits.push(milliseconds);
        return Promise.resolve();
      },
    };
  }

  /** A path in the session's folder. */
  path(...parts: string[]): string {
    return join(this.#folder.path, ...parts);
  }

  /** Puts files on a branch of `org/name`. */
  commit(files: Readonly<Record<string, HubFile>>, revision = "main"): string {
    return this.server.datasets.commit("org/name", revision, files);
  }

  /** Opens `org/name`. */
  open(options: Partial<HubDatasetOptions> = {}): Promise<HubDatasetSource> {
    return openHubDataset({
      id: "org/name",
      rows: { columns: null, where: {}, idPrefix: "org/name", audioRoot: [] },
      mode: "stream",
      cacheFolder: this.path("run"),
      hub: this.hub,
      ...options,
    });
  }

  /** Bytes that the Hub and its file server have sent, as far as they were asked for parts. */
  partBytes(): number {
    const ranges = this.server.seen
      .filter(({ server }) => server === "files")
      .map(({ headers }) => /^bytes=(\d+)-(\d+)$/.exec(headers.get("range") ?? ""));
    return ranges.reduce((sum, range) => {
      return sum + (range === null ? Infinity : Number(range[2]) - Number(range[1]) + 1);
    }, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

/** All items that are samples. */
export async function samplesOf(items: AsyncIterable<SourceItem>): Promise<SourceSample[]> {
  const all = await Array.fromAsync(items);
  return all.flatMap((item) => item.kind === "sample" ? [item.sample] : []);
}

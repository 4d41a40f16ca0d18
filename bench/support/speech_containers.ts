/**
 * The clips that come with the toolkit, in each kind of file that holds many.
 *
 * @module
 */
import { basename, join } from "node:path";
import {
  Binary,
  Field,
  RecordBatchStreamWriter,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
} from "../../lib/npm/apache_arrow.ts";
import { fileWriter, ParquetWriter } from "../../lib/npm/hyparquet_writer.ts";
import { TAR_END, tarMember } from "../../lib/shards/tar_member.ts";
import { CLIPS } from "./speech.ts";

/** The same clips in four shapes: each path is what `--input` takes. */
export interface SpeechContainers {
  readonly folder: string;
  readonly parquet: string;
  readonly tar: string;
  readonly arrow: string;
}

const TEXT = "Printing, in the only sense with which we are at present concerned";
const GROUP_ROWS = 100;

interface Clip {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes the LJSpeech clips `times` times over, as FLAC under ids of their own, with a text each.
 *
 * @returns Where they are, below `path`.
 */
export async function writeContainers(path: string, times: number): Promise<SpeechContainers> {
  const contents = CLIPS.map((clip) => Deno.readFileSync(clip));
  const clips = Array.from({ length: times * CLIPS.length }, (_, i): Clip => {
    const id = `${String(i).padStart(6, "0")}-${basename(CLIPS[i % CLIPS.length] ?? "", ".flac")}`;
    return { id, name: `${id}.flac`, bytes: contents[i % CLIPS.length] ?? new Uint8Array() };
  });
  const paths = {
    ...{ folder: join(path, "folder"), parquet: join(path, "clips.parquet") },
    ...{ tar: join(path, "clips.tar"), arrow: join(path, "arrow") },
  };
  writeFolder(paths.folder, clips);
  await writeParquet(paths.parquet, clips);
  writeTar(paths.tar, clips);
  await writeArrow(paths.arrow, clips);
  return paths;
}

function writeFolder(path: string, clips: readonly Clip[]): void {
  Deno.mkdirSync(path);
  for (const { id, name, bytes } of clips) {
    Deno.writeFileSync(join(path, name), bytes);
    Deno.writeTextFileSync(join(path, `${id}.txt`), TEXT);
  }
}

/** Row groups and one page of each column, as `datasets` and Arrow write them. */
async function writeParquet(path: string, clips: readonly Clip[]): Promise<void> {
  const optional = { repetition_type: "OPTIONAL" } as const;
  const text = { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
  const writer = new ParquetWriter({
    ...{ writer: fileWriter(path), codec: "SNAPPY" },
    schema: [
      { name: "root", num_children: 3 },
      { ...text, name: "id" },
      { ...text, name: "text" },
      { ...optional, name: "audio", num_children: 2 },
      { ...optional, name: "bytes", type: "BYTE_ARRAY" },
      { ...text, name: "path" },
    ],
  });
  for (const group of groupsOf(clips)) {
    await writer.write({
      columnData: [
        { name: "id", data: group.map(({ id }) => id) },
        { name: "text", data: group.map(() => TEXT) },
        { name: "audio", data: group.map(audioOf), encoding: "PLAIN" },
      ],
      ...{ rowGroupSize: GROUP_ROWS, pageSize: 1 << 30 },
    });
  }
  await writer.finish();
}

function writeTar(path: string, clips: readonly Clip[]): void {
  using file = Deno.openSync(path, { write: true, create: true });
  const text = new TextEncoder().encode(TEXT);
  for (const { id, name, bytes } of clips) {
    for (const part of tarMember(name, bytes)) writeAll(file, part);
    for (const part of tarMember(`${id}.txt`, text)) writeAll(file, part);
  }
  writeAll(file, TAR_END);
}

/** A folder as `save_to_disk` leaves it. */
async function writeArrow(path: string, clips: readonly Clip[]): Promise<void> {
  Deno.mkdirSync(path);
  const audio = new Struct<{ bytes: Binary; path: Utf8 }>([
    new Field("bytes", new Binary(), true),
    new Field("path", new Utf8(), true),
  ]);
  const writer = new RecordBatchStreamWriter();
  for (const group of groupsOf(clips)) {
    const table = new Table({
      id: vectorFromArray(group.map(({ id }) => id), new Utf8()),
      text: vectorFromArray(group.map(() => TEXT), new Utf8()),
      audio: vectorFromArray(group.map(audioOf), audio),
    });
    for (const batch of table.batches) writer.write(batch);
  }
  writer.finish();
  const name = "data-00000-of-00001.arrow";
  Deno.writeFileSync(join(path, name), await writer.toUint8Array());
  const state = { "_data_files": [{ filename: name }], _split: "train" };
  Deno.writeTextFileSync(join(path, "state.json"), JSON.stringify(state));
}

function audioOf({ name, bytes }: Clip): { bytes: Uint8Array; path: string } {
  return { bytes, path: name };
}

function* groupsOf(clips: readonly Clip[]): Generator<readonly Clip[]> {
  for (let start = 0; start < clips.length; start += GROUP_ROWS) {
    yield clips.slice(start, start + GROUP_ROWS);
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

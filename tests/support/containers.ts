/** Real clips, and the containers that tests put them into. */
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "../../lib/npm/hyparquet_writer.ts";
import { tarOf } from "../tar/write_tar.ts";

/** A clip as a file holds it. */
export interface Clip {
  readonly id: string;
  /** File name, with the extension of its format. */
  readonly file: string;
  readonly content: Uint8Array;
  readonly text: string;
}

const root = new URL("../..", import.meta.url).pathname;

const SPEECH: readonly (readonly [id: string, path: string])[] = [
  ["LJ001-0002", "examples/speech/LJ001-0002.flac"],
  ["LJ001-0008", "examples/speech/LJ001-0008.flac"],
  ["mp3", "tests/data/formats/clip.mp3"],
  ["opus", "tests/data/formats/clip.opus"],
  ["m4a", "tests/data/formats/clip.m4a"],
  ["wav", "tests/data/formats/clip_mulaw_8k.wav"],
];

/** Two seconds of speech each: FLAC twice, MP3, Opus, AAC in MP4, and a telephone's WAV. */
export function speechClips(): readonly Clip[] {
  return SPEECH.map(([id, path]) => clipOf(id, path));
}

/** The clip of a file of the repository under another id. */
export function clipOf(id: string, path: string): Clip {
  const content = Deno.readFileSync(join(root, path));
  return { id, file: `${id}${/\.\w+$/.exec(path)?.[0] ?? ""}`, text: `Grüße ${id}`, content };
}

/** A folder of audio files, and of their texts where asked for. */
export function writeFolder(
  path: string,
  clips: readonly Clip[],
  options: { readonly withText?: boolean } = {},
): string {
  Deno.mkdirSync(path, { recursive: true });
  for (const { id, file, content, text } of clips) {
    Deno.writeFileSync(join(path, file), content);
    if (options.withText ?? true) Deno.writeTextFileSync(join(path, `${id}.txt`), `${text}\n`);
  }
  return path;
}

/** How a Parquet file holds audio. */
export type ParquetAudio = "struct" | "bytes" | "path";

/** How a Parquet file is written. */
export interface ParquetOptions {
  readonly audio: ParquetAudio;
  /** @default {2} */
  readonly rowGroupSize?: number;
  /** The beginning of the paths of a path column. @default {""} */
  readonly prefix?: string;
}

/** A row: a clip, or one whose audio is null. */
export type ParquetRow = Omit<Clip, "content"> & { readonly content: Uint8Array | null };

/** Writes `id`, `audio`, `text` and `row`, the number of the row. */
export function writeParquet(
  path: string,
  rows: readonly ParquetRow[],
  { audio, rowGroupSize = 2, prefix = "" }: ParquetOptions,
): string {
  const optional = { repetition_type: "OPTIONAL" } as const;
  const text = { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
  const bytes = { ...optional, type: "BYTE_ARRAY" } as const;
  const audioSchema = {
    struct: [
      { ...optional, name: "audio", num_children: 2 },
      { ...bytes, name: "bytes" },
      { ...text, name: "path" },
    ],
    bytes: [{ ...bytes, name: "audio" }],
    path: [{ ...text, name: "audio" }],
  }[audio];
  const cell = ({ content, file }: ParquetRow) =>
    audio === "struct"
      ? { bytes: content, path: content === null ? null : file }
      : audio === "bytes"
      ? content
      : `${prefix}${file}`;
  const written = parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 4 },
      { ...text, name: "id" },
      ...audioSchema,
      { ...text, name: "text" },
      { ...optional, name: "row", type: "INT32" },
    ],
    columnData: [
      { name: "id", data: rows.map(({ id }) => id) },
      { name: "audio", data: rows.map(cell) },
      { name: "text", data: rows.map(({ text }) => text) },
      { name: "row", data: rows.map((_, row) => row) },
    ],
    rowGroupSize,
  });
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.writeFileSync(path, new Uint8Array(written));
  return path;
}

/** A tar with the audio and the text of each clip; gzipped where its name says so. */
export function writeTar(path: string, clips: readonly Clip[], prefix = ""): string {
  const bytes = tarOf(clips.flatMap(({ id, file, content, text }) => [
    { name: `${prefix}${file}`, content },
    { name: `${prefix}${id}.txt`, content: text },
  ]));
  Deno.writeFileSync(path, path.endsWith(".gz") ? gzipSync(bytes) : bytes);
  return path;
}

/** What is broken within a container costs itself alone, and is named by its container and place. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parquetMetadataAsync } from "../lib/npm/hyparquet.ts";
import { type Clip, clipOf, speechClips, writeParquet, writeTar } from "./support/containers.ts";
import { encodeRun, type FailedLine, failedLines, rowsById } from "./support/encode_run.ts";
import { temporaryDirectory } from "./support/run_once.ts";

const [FIRST, SECOND, MP3, , M4A] = speechClips();

/** A clip of another one's sound. */
function copyOf(id: string, clip: Clip | undefined, content = clip?.content): Clip {
  assert.ok(clip !== undefined && content !== undefined);
  return { ...clip, id, content, file: clip.file.replace(/^.*\./, `${id}.`) };
}

const TEXT = new TextEncoder().encode("this is text and no audio at all");

/** Flips bytes of one column of a row group, counted from its first page header. */
async function damage(
  path: string,
  where: {
    readonly group: number;
    readonly column: string;
    readonly from: number;
    readonly length: number;
  },
): Promise<void> {
  const bytes = Deno.readFileSync(path);
  const { row_groups: groups } = await parquetMetadataAsync(bytes.buffer);
  const columns = groups[where.group]?.columns.flatMap(({ meta_data: data }) => data ?? []);
  const column = columns?.find(({ path_in_schema: names }) => names.join(".") === where.column);
  assert.ok(column !== undefined);
  const start = Number(column.dictionary_page_offset ?? column.data_page_offset) + where.from;
  bytes.subarray(start, start + where.length).forEach((byte, i) => bytes[start + i] = byte ^ 0xff);
  Deno.writeFileSync(path, bytes);
}

/** Cuts a file in the middle of the clip that is its last. */
function cut(path: string): string {
  const { size } = Deno.statSync(path);
  Deno.truncateSync(path, size - 20_000);
  return path;
}

/** Two rows in each row group, of which the last is whole. */
async function writeRows(path: string): Promise<string> {
  const half = M4A?.content.slice(0, 9000);
  writeParquet(path, [
    copyOf("whole", FIRST),
    { ...copyOf("null", FIRST), content: null },
    copyOf("text", FIRST, TEXT),
    clipOf("cut_flac", "tests/data/bad/truncated.flac"),
    copyOf("cut_m4a", M4A, half),
    copyOf("beside", MP3),
    copyOf("lost_1", SECOND),
    copyOf("lost_2", SECOND),
    copyOf("unknown_1", FIRST),
    copyOf("unknown_2", FIRST),
    copyOf("behind", SECOND),
  ], { audio: "struct" });
  await damage(path, { group: 3, column: "audio.bytes", from: 30, length: 2000 });
  await damage(path, { group: 4, column: "id", from: 0, length: 20 });
  return path;
}

function writeMembers(path: string): string {
  return cut(writeTar(path, [
    copyOf("t_whole", FIRST),
    copyOf("t_empty", FIRST, new Uint8Array()),
    copyOf("t_text", FIRST, TEXT),
    copyOf("t_behind", SECOND),
    copyOf("t_cut", FIRST),
  ]));
}

/** Reason, place and the end of the detail by id, or by place where there is no id. */
const EXPECTED: Readonly<Record<string, readonly [reason: string, place: string, detail: RegExp]>> =
  {
    null: ["no_audio", "rows.parquet row 1", /'null': it has text but no audio$/],
    text: ["not_audio", "rows.parquet row 2", /rows\.parquet' row 2: it holds no audio stream$/],
    "cut_flac": ["truncated_audio", "rows.parquet row 3", /rows\.parquet' row 3: the stream ends/],
    "cut_m4a": ["corrupt_audio", "rows.parquet row 4", /rows\.parquet' row 4: /],
    "lost_1": ["corrupt_audio", "rows.parquet row 6", /row 6: row group 3 is damaged in column '/],
    "lost_2": ["corrupt_audio", "rows.parquet row 7", /row 7: row group 3 is damaged in column '/],
    "rows.parquet rows 8 to 9": [
      ...["malformed_line", "rows.parquet rows 8 to 9"] as const,
      /^Cannot read row group 4 of 'rows\.parquet': its pages are damaged: /,
    ],
    "t_empty": ["empty_file", "members.tar:t_empty.flac", /'t_empty\.flac' in .*: it is empty$/],
    "t_text": ["not_audio", "members.tar:t_text.flac", /'t_text\.flac' in '.*members\.tar': /],
    "t_cut": ["malformed_line", "members.tar at byte", /^the tar is cut: .* within 't_cut\.flac'$/],
    "z_cut": ["malformed_line", "packed.tar.gz at byte", /^its gzip stream is damaged: .*'z_cut\./],
  };

function assertExpected(line: FailedLine): void {
  const key = line.id ?? line.place;
  const [reason, place, detail] = EXPECTED[key] ?? [];
  assert.ok(place !== undefined && detail !== undefined, `'${key}' is sound`);
  assert.equal(line.reason, reason, key);
  assert.ok(line.place.startsWith(place), line.place);
  assert.match(line.detail, detail);
  assert.doesNotMatch(JSON.stringify(line), /speechmill-(?:scratch|clip)/);
}

Deno.test("bad rows, row groups and members are told by name, and every other one is encoded", async () => {
  using directory = temporaryDirectory();
  const at = (name: string) => join(directory.path, name);
  const packed = [copyOf("z_whole", FIRST), copyOf("z_cut", SECOND)];
  const inputs = [
    await writeRows(at("rows.parquet")),
    writeMembers(at("members.tar")),
    cut(writeTar(at("packed.tar.gz"), packed)),
  ];
  const output = at("run");
  const summary = await encodeRun(output, { input: inputs, shardSize: 4 });

  assert.deepEqual([...(await rowsById(output)).keys()], [
    ...["whole", "beside", "behind", "t_whole", "t_behind", "z_whole"],
  ]);
  const failed = failedLines(output);
  for (const line of failed) assertExpected(line);
  assert.equal(failed.length, Object.keys(EXPECTED).length);
  const { finished, pending, done, quarantined, rejected } = summary;
  assert.deepEqual([finished, pending, done, quarantined, rejected], [true, 0, 6, 11, 3]);
});

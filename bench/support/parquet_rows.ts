/**
 * Parquet files of more rows than audio.
 *
 * @module
 */
import { fileWriter, ParquetWriter } from "../../lib/npm/hyparquet_writer.ts";
import { durationOf, idOf } from "./large_manifest.ts";

const TEXT = "Printing, in the only sense with which we are at present concerned";
const GROUP_ROWS = 1000;

/** Writes `count` rows of id, text, speaker, duration and 32 bytes in place of audio. */
export async function writeRows(path: string, count: number): Promise<void> {
  const optional = { repetition_type: "OPTIONAL" } as const;
  const text = { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: "root", num_children: 5 },
      ...["id", "text", "speaker"].map((name) => ({ ...text, name })),
      { ...optional, name: "duration", type: "DOUBLE" },
      { ...optional, name: "audio", type: "BYTE_ARRAY" },
    ],
  });
  for (let start = 0; start < count; start += GROUP_ROWS) {
    const lines = Array.from({ length: Math.min(GROUP_ROWS, count - start) }, (_, i) => start + i);
    await writer.write({
      columnData: [
        { name: "id", data: lines.map(idOf) },
        { name: "text", data: lines.map(() => TEXT) },
        { name: "speaker", data: lines.map((line) => `speaker_${line % 1000}`) },
        { name: "duration", data: lines.map(durationOf) },
        { name: "audio", data: lines.map((line) => new Uint8Array(32).fill(line)) },
      ],
      rowGroupSize: GROUP_ROWS,
    });
  }
  await writer.finish();
}

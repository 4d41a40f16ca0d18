/**
 * What each row of a batch has for audio, and where it is in the file.
 *
 * @module
 */
import type { BatchColumn } from "../arrow/batch.ts";
import { ArrowFault } from "../arrow/flatbuffer.ts";
import type { ArrowBytes, FileRange } from "../arrow/messages.ts";
import { readRanges, readValidity, readValues } from "../arrow/values.ts";
import type { AudioColumn } from "./row_audio.ts";

/** The audio of one row. */
export type ArrowAudio =
  | { readonly kind: "range"; readonly range: FileRange; readonly path: unknown }
  | { readonly kind: "path"; readonly path: unknown }
  | { readonly kind: "none" };

const NONE: ArrowAudio = { kind: "none" };

/**
 * Finds the audio of a batch. A row with bytes has them, a row without has its path.
 *
 * @returns A function of the row, which throws an `ArrowFault` where its bytes cannot be found.
 * @throws {ArrowFault} If the buffers that tell it are cut.
 */
export function findAudioOf(
  audio: AudioColumn | null,
  columns: ReadonlyMap<string, BatchColumn>,
  bytes: ArrowBytes,
): (row: number) => ArrowAudio {
  if (audio === null) return () => NONE;
  const column = columns.get(audio.name);
  if (column === undefined) throw new ArrowFault(`a batch has no column '${audio.name}'`);
  if (audio.kind === "bytes") return lookUp(readRanges(column, bytes), () => null, bytes);
  if (audio.kind === "path") return lookUp(() => null, readValues(column, bytes), bytes);
  const part = (name: string) => column.children.find(({ field }) => field.name === name);
  const [content, path] = [part("bytes"), part("path")];
  const isValid = readValidity(column, bytes);
  const find = lookUp(
    content === undefined || !audio.hasBytes ? () => null : readRanges(content, bytes),
    path === undefined || !audio.hasPath ? () => null : readValues(path, bytes),
    bytes,
  );
  return (row) => isValid(row) ? find(row) : NONE;
}

function lookUp(
  rangeOf: (row: number) => FileRange | null,
  pathOf: (row: number) => unknown,
  bytes: ArrowBytes,
): (row: number) => ArrowAudio {
  return (row) => {
    const range = rangeOf(row);
    const path = pathOf(row);
    if (range === null) return path === null || path === "" ? NONE : { kind: "path", path };
    if (range.offset + range.size <= bytes.size) return { kind: "range", range, path };
    throw new ArrowFault(`the file is cut: it ends at byte ${bytes.size}, within its audio`);
  };
}

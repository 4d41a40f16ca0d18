/**
 * The column of a file of rows that holds the audio.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { describeColumns, fieldType, type RowColumn } from "./row_columns.ts";

/** How a column holds audio. */
export type AudioColumn =
  /** Files as they are: bytes. */
  | { readonly name: string; readonly kind: "bytes" }
  /** Paths of files that lie elsewhere. */
  | { readonly name: string; readonly kind: "path" }
  /** As `datasets` writes it: `struct{bytes, path}`. A row has the bytes, or else a path. */
  | {
    readonly name: string;
    readonly kind: "struct";
    readonly hasBytes: boolean;
    readonly hasPath: boolean;
  };

/** How a column holds audio, or null where it cannot. */
export function audioColumn({ name, type, feature }: RowColumn): AudioColumn | null {
  if (feature !== null && feature !== "Audio") return null;
  if (type.kind === "bytes") return { name, kind: "bytes" };
  if (type.kind === "text") return { name, kind: "path" };
  const bytes = fieldType(type, "bytes");
  const hasBytes = bytes?.kind === "bytes";
  const hasPath = fieldType(type, "path")?.kind === "text";
  // The bytes would be passed over for a path.
  if (bytes?.kind === "other" && bytes.name !== "null") return null;
  return hasBytes || hasPath ? { name, kind: "struct", hasBytes, hasPath } : null;
}

/** Whether the audio of every row lies elsewhere, where a path says. */
export function holdsPaths(audio: AudioColumn | null): boolean {
  return audio?.kind === "path" || (audio?.kind === "struct" && !audio.hasBytes);
}

/**
 * The column with the audio where none was asked for: the one called `audio`, else the only one
 * that is declared as audio or is a `struct{bytes, path}`; null where there is none.
 *
 * @throws {UsageError} If there are several.
 */
export function findAudio(label: string, columns: readonly RowColumn[]): RowColumn | null {
  const named = columns.find(({ name }) => name === "audio");
  if (named !== undefined) return named;
  const found = columns.filter(looksLikeAudio);
  const [first, second] = found;
  if (first === undefined || second === undefined) return first ?? null;
  throw new UsageError(
    `Cannot read '${label}': ${
      found.map(({ name }) => `'${name}'`).join(" and ")
    } hold audio: name one, such as columns: {audio: ${first.name}}: ${describeColumns(columns)}`,
  );
}

/** Images are `struct{bytes, path}` as well: what is declared comes before the type. */
function looksLikeAudio({ type, feature }: RowColumn): boolean {
  if (feature !== null) return feature === "Audio";
  return fieldType(type, "bytes")?.kind === "bytes" && fieldType(type, "path")?.kind === "text";
}

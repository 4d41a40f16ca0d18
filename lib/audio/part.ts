/**
 * Where in a file of many samples the audio of one lies. The plan keeps it, a worker reads by it.
 *
 * @module
 */

/** A place in a file that holds many samples. */
export type AudioPart =
  | {
    /** Bytes of an audio file as they are: a member of a tar, a value of an Arrow file. */
    readonly kind: "range";
    readonly offset: number;
    readonly size: number;
    /** Its own file name where it has one: it tells what the bytes are, and goes into messages. */
    readonly name: string | null;
  }
  | {
    /** A value of a Parquet file: bytes, or a struct with `bytes`. */
    readonly kind: "parquet";
    /** Row of the file, from 0. */
    readonly row: number;
    readonly column: string;
  };

/** As the plan keeps it. */
export function writePart(part: AudioPart): string {
  return JSON.stringify(part);
}

/** Reads what `writePart` wrote. */
export function readPart(text: string): AudioPart {
  return JSON.parse(text);
}

/** Names a part in messages: `'data.parquet' row 12`, `'a/b.flac' in 'shard.tar'`. */
export function describePart(path: string, part: AudioPart): string {
  if (part.kind === "parquet") return `'${path}' row ${part.row}`;
  return part.name === null ? `'${path}' at byte ${part.offset}` : `'${part.name}' in '${path}'`;
}

/**
 * The messages of an Arrow file: a schema, then batches of rows. Only what they say of themselves
 * is read here, not the values.
 * Format: https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format
 *
 * @module
 */
import { ArrowFault, FlatTable } from "./flatbuffer.ts";
import { type ArrowSchema, readSchema } from "./schema.ts";

/** A place in the file. */
export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

/** What a batch says of itself. */
export interface BatchMessage {
  readonly rows: number;
  /** Where its buffers are in the file. */
  readonly buffers: readonly FileRange[];
  /** How many more buffers each of its views has. */
  readonly moreBuffers: readonly number[];
  readonly isCompressed: boolean;
}

/** A message. */
export type ArrowMessage =
  | { readonly kind: "schema"; readonly schema: ArrowSchema }
  | { readonly kind: "batch"; readonly batch: BatchMessage }
  | { readonly kind: "other" };

/** Bytes that can be read at any offset. */
export interface ArrowBytes {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Exactly so many bytes, in a buffer of their own.
   *
   * @throws {ArrowFault} If the file ends before.
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** Numbers of `MessageHeader` in `Message.fbs`. */
const SCHEMA = 1;
const BATCH = 3;

const CONTINUATION = -1;
/** `ARROW1`, with which the format for random access begins; messages follow. */
const FILE_MAGIC = [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31];
/** More than the widest table says of a batch. Bytes. */
const LONGEST_METADATA = 2 ** 28;

/**
 * Reads the messages one after the other.
 *
 * @throws {ArrowFault} Where the file is damaged or cut: what came before is good.
 */
export function* readMessages(bytes: ArrowBytes): Generator<ArrowMessage, void, void> {
  let position = startOf(bytes);
  while (true) {
    const header = readPrefix(bytes, position);
    if (header.length === 0) return;
    const metadata = bytes.read(header.offset, header.length);
    const { message, bodyLength } = decoded(metadata, header.offset + header.length);
    yield message;
    position = header.offset + header.length + bodyLength;
  }
}

function startOf(bytes: ArrowBytes): number {
  if (bytes.size < 8) throw new ArrowFault("it is too short for an Arrow file");
  const head = bytes.read(0, 8);
  return FILE_MAGIC.every((byte, at) => head[at] === byte) ? 8 : 0;
}

/** Where the metadata is; its length is 0 at the end. */
function readPrefix(bytes: ArrowBytes, position: number): { offset: number; length: number } {
  if (position >= bytes.size) {
    const excess = position > bytes.size;
    const state = excess ? `it ends at byte ${bytes.size}, within a batch` : "it has no end mark";
    throw new ArrowFault(excess ? `${state}: it is cut` : `${state}: it may be cut`);
  }
  const first = int32(bytes.read(position, 4));
  // Before version 0.15, a message began with its length.
  const isOld = first !== CONTINUATION;
  const length = isOld ? first : int32(bytes.read(position + 4, 4));
  if (length < 0 || length > LONGEST_METADATA) {
    throw new ArrowFault(`there is no Arrow message at byte ${position}`);
  }
  return { offset: position + (isOld ? 4 : 8), length };
}

function int32(bytes: Uint8Array<ArrayBuffer>): number {
  return new DataView(bytes.buffer).getInt32(0, true);
}

function decoded(
  metadata: Uint8Array,
  body: number,
): { message: ArrowMessage; bodyLength: number } {
  try {
    const table = FlatTable.root(metadata);
    const bodyLength = table.int64(3);
    const header = table.table(2);
    const message = header === null
      ? { kind: "other" } as const
      : messageOf(table.int8(1), header, { offset: body, size: bodyLength });
    return { message, bodyLength };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // What the runtime says of a view tells people nothing.
    throw new ArrowFault(`the message before byte ${body} is damaged`, { cause: error });
  }
}

function messageOf(kind: number, header: FlatTable, body: FileRange): ArrowMessage {
  if (kind === SCHEMA) return { kind: "schema", schema: readSchema(header) };
  return kind === BATCH ? { kind: "batch", batch: readBatch(header, body) } : { kind: "other" };
}

function readBatch(header: FlatTable, body: FileRange): BatchMessage {
  const regions = header.structs(2, 16);
  const buffers = Array.from({ length: regions.length }, (_, index) => {
    const [offset, size] = [regions.int64(index, 0), regions.int64(index, 8)];
    if (offset + size <= body.size) return { offset: body.offset + offset, size };
    throw new ArrowFault(`the batch at byte ${body.offset} is shorter than it says`);
  });
  const more = header.structs(4, 8);
  return {
    rows: header.int64(0),
    buffers,
    moreBuffers: Array.from({ length: more.length }, (_, index) => more.int64(index, 0)),
    isCompressed: header.table(3) !== null,
  };
}

/**
 * The values of a column of one batch. Bytes are not read: only where they are is told.
 *
 * @module
 */
import type { BatchColumn } from "./batch.ts";
import { ArrowFault } from "./flatbuffer.ts";
import type { ArrowBytes, FileRange } from "./messages.ts";

/** Gives the value of a row: text, number, boolean or null. Text that is not UTF-8 is its bytes. */
export type ReadValue = (row: number) => string | number | bigint | boolean | Uint8Array | null;

/** Tells where in the file the bytes of a row are; null for a null. */
export type ReadRange = (row: number) => FileRange | null;

/** A byte order mark is part of the text, as it is in Parquet. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a column of text, numbers or booleans.
 *
 * @throws {ArrowFault} If its buffers are cut or too short, or it holds something else.
 */
export function readValues(column: BatchColumn, bytes: ArrowBytes): ReadValue {
  const isValid = readValidity(column, bytes);
  if (isAllNull(column, isValid)) return () => null;
  const read = readPlain(column, bytes);
  return (row) => isValid(row) ? read(row) : null;
}

/**
 * Tells which rows of a column are not null.
 *
 * @throws {ArrowFault} If its buffer is cut or too short.
 */
export function readValidity(column: BatchColumn, bytes: ArrowBytes): (row: number) => boolean {
  // Nothing is null where there is no buffer that says so.
  if ((column.buffers[0]?.size ?? 0) === 0) return () => true;
  return readBits(column, 0, bytes);
}

/**
 * Finds the values of a column of bytes or text.
 *
 * @returns Ranges that lie within the column's buffer.
 * @throws {ArrowFault} If its offsets are cut or too short; for a row whose offsets are wrong.
 */
export function readRanges(column: BatchColumn, bytes: ArrowBytes): ReadRange {
  const isValid = readValidity(column, bytes);
  if (isAllNull(column, isValid)) return () => null;
  const { type } = column.field;
  const content = column.buffers[2];
  if (!("isLarge" in type) || content === undefined) throw wrongBuffers(column);
  const width = type.isLarge ? 8 : 4;
  const view = readBuffer(column, 1, (column.rows + 1) * width, bytes);
  const offset = (at: number) =>
    type.isLarge ? Number(view.getBigInt64(at * 8, true)) : view.getInt32(at * 4, true);
  return (row) => {
    if (!isValid(row)) return null;
    const [start, end] = [offset(row), offset(row + 1)];
    if (0 <= start && start <= end && end <= content.size) {
      return { offset: content.offset + start, size: end - start };
    }
    throw new ArrowFault(`its offsets are wrong: ${start} to ${end} of ${content.size}`);
  };
}

/** Some writers leave out the other buffers of a column of nulls. */
function isAllNull({ rows }: BatchColumn, isValid: (row: number) => boolean): boolean {
  for (let row = 0; row < rows; row++) if (isValid(row)) return false;
  return true;
}

function readPlain(column: BatchColumn, bytes: ArrowBytes): ReadValue {
  const { type } = column.field;
  switch (type.kind) {
    case "text":
      return readText(column, bytes);
    case "bool":
      return readBits(column, 1, bytes);
    case "int":
      return readWholeNumbers(column, type, bytes);
    case "float": {
      const { bits } = type;
      const view = readBuffer(column, 1, column.rows * bits / 8, bytes);
      if (bits === 32) return (row) => view.getFloat32(row * 4, true);
      if (bits === 64) return (row) => view.getFloat64(row * 8, true);
    }
  }
  throw new ArrowFault(`column '${column.field.name}' cannot be read`);
}

function readWholeNumbers(
  column: BatchColumn,
  { bits, isSigned }: { readonly bits: number; readonly isSigned: boolean },
  bytes: ArrowBytes,
): ReadValue {
  const view = readBuffer(column, 1, column.rows * bits / 8, bytes);
  switch (bits) {
    case 8:
      return (row) => isSigned ? view.getInt8(row) : view.getUint8(row);
    case 16:
      return (row) => isSigned ? view.getInt16(row * 2, true) : view.getUint16(row * 2, true);
    case 32:
      return (row) => isSigned ? view.getInt32(row * 4, true) : view.getUint32(row * 4, true);
    default:
      return (row) =>
        narrowed(isSigned ? view.getBigInt64(row * 8, true) : view.getBigUint64(row * 8, true));
  }
}

/** A number where a double holds it. */
function narrowed(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function readText(column: BatchColumn, bytes: ArrowBytes): ReadValue {
  const rangeOf = readRanges(column, bytes);
  const start = column.buffers[2]?.offset ?? 0;
  const content = readBuffer(column, 2, column.buffers[2]?.size ?? 0, bytes);
  return (row) => {
    const range = rangeOf(row);
    if (range === null) return null;
    const text = new Uint8Array(content.buffer, range.offset - start, range.size);
    try {
      return decoder.decode(text);
    } catch {
      return text;
    }
  };
}

function readBits(
  column: BatchColumn,
  index: number,
  bytes: ArrowBytes,
): (row: number) => boolean {
  const view = readBuffer(column, index, Math.ceil(column.rows / 8), bytes);
  return (row) => (view.getUint8(row >> 3) >> (row & 7) & 1) === 1;
}

/** Reads the first `length` bytes of a buffer. */
function readBuffer(
  column: BatchColumn,
  index: number,
  length: number,
  bytes: ArrowBytes,
): DataView<ArrayBuffer> {
  const buffer = column.buffers[index];
  if (buffer === undefined || buffer.size < length) throw wrongBuffers(column);
  return new DataView(bytes.read(buffer.offset, length).buffer);
}

function wrongBuffers(column: BatchColumn): ArrowFault {
  return new ArrowFault(`the buffers of column '${column.field.name}' are too short`);
}

/**
 * The directory of a zip file: a record for every member.
 *
 * @module
 */
import { CheckpointFault, damaged } from "../fault.ts";
import { readUint64 } from "./directory_end.ts";

/** What the directory says of a member. */
export interface DirectoryRecord {
  readonly name: string;
  /** CRC-32 of the content. */
  readonly crc: number;
  /** Bytes. */
  readonly size: number;
  /** Where the member's own header starts. */
  readonly headerOffset: number;
}

const RECORD_SIGNATURE = 0x02014b50;
const RECORD_BYTES = 46;
const ENCRYPTED = 1;

/** Stands in a 32-bit field whose value is in the zip64 field. */
const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;

/**
 * Reads the records of a directory.
 *
 * @param bytes All of the directory, in a buffer of its own.
 * @param entries How many records there should be.
 * @throws {CheckpointFault} if it is damaged, or a member is compressed or encrypted.
 */
export function readDirectory(
  bytes: Uint8Array<ArrayBuffer>,
  entries: number,
): DirectoryRecord[] {
  const records: DirectoryRecord[] = [];
  let position = 0;
  while (position < bytes.length) {
    const { record, length } = readRecord(bytes.subarray(position));
    records.push(record);
    position += length;
  }
  if (records.length !== entries) {
    throw damaged(`its zip directory has ${records.length} records and claims ${entries}`);
  }
  return records;
}

function readRecord(bytes: Uint8Array<ArrayBuffer>): { record: DirectoryRecord; length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < RECORD_BYTES || view.getUint32(0, true) !== RECORD_SIGNATURE) {
    throw damaged("its zip directory is damaged");
  }
  const nameBytes = view.getUint16(28, true);
  const extraStart = RECORD_BYTES + nameBytes;
  const extraBytes = view.getUint16(30, true);
  const length = extraStart + extraBytes + view.getUint16(32, true);
  if (length > bytes.length) throw damaged("its zip directory breaks off within a record");
  const name = new TextDecoder().decode(bytes.subarray(RECORD_BYTES, extraStart));
  checkStored(name, view);
  const extra = new DataView(bytes.buffer, bytes.byteOffset + extraStart, extraBytes);
  const { size, stored, headerOffset } = readSizes(view, extra);
  if (size !== stored) throw damaged(`zip member '${name}' has two sizes, ${size} and ${stored}`);
  return { record: { name, crc: view.getUint32(16, true), size, headerOffset }, length };
}

/** torch stores its members as they are, so that they can be mapped into memory. */
function checkStored(name: string, view: DataView): void {
  const encrypted = (view.getUint16(8, true) & ENCRYPTED) !== 0;
  if (!encrypted && view.getUint16(10, true) === 0) return;
  throw new CheckpointFault(
    `zip member '${name}' is ${encrypted ? "encrypted" : "compressed"}, which torch.save never ` +
      `does; unpack the archive and look for the checkpoint inside`,
  );
}

/** Sizes and offset; those that need 64 bits are in an extra field, in this order. */
function readSizes(view: DataView, extra: DataView) {
  let position = zip64Start(extra);
  function read(field: number): number {
    const value = view.getUint32(field, true);
    if (value !== IN_ZIP64 || position === null) return value;
    if (position + 8 > extra.byteLength) throw damaged("its zip directory lacks a 64-bit size");
    position += 8;
    return readUint64(extra, position - 8);
  }
  return { size: read(24), stored: read(20), headerOffset: read(42) };
}

/** Where the content of the zip64 field starts, or null if there is none. */
function zip64Start(extra: DataView): number | null {
  let position = 0;
  while (position + 4 <= extra.byteLength) {
    if (extra.getUint16(position, true) === ZIP64_FIELD) return position + 4;
    position += 4 + extra.getUint16(position + 2, true);
  }
  return null;
}

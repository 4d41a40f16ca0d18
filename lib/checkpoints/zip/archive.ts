/**
 * The members of a zip file, read where they lie.
 *
 * @module
 */
import { type ByteSource, rangeOf } from "../byte_source.ts";
import { CheckpointFault, damaged } from "../fault.ts";
import { ChecksummedSource } from "./checksummed.ts";
import { type DirectoryRecord, readDirectory } from "./directory.ts";
import { findDirectory } from "./directory_end.ts";

const HEADER_SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;

/** Sizes and checksum follow the content; those in the header are 0. */
const HAS_DESCRIPTOR = 8;

/** That of a checkpoint with a hundred thousand tensors is smaller. Bytes. */
const LONGEST_DIRECTORY = 16 * 2 ** 20;

/**
 * Reads the directory of a zip file and the header of every member.
 *
 * @returns The content of the members, by name. The CRC-32 of one is checked when it is read.
 * @throws {CheckpointFault} if it is damaged, two members overlap or bear one name, or one is
 * compressed or encrypted.
 */
export async function openZip(source: ByteSource): Promise<ReadonlyMap<string, ByteSource>> {
  const { offset, size, entries } = await findDirectory(source);
  if (size > LONGEST_DIRECTORY) {
    throw new CheckpointFault(`its zip directory has ${size} bytes, too many for a checkpoint`);
  }
  const records = readDirectory(await source.read(offset, size), entries);
  records.sort((left, right) => left.headerOffset - right.headerOffset);
  const members = new Map<string, ByteSource>();
  let reached = 0;
  for (const record of records) {
    const { name, headerOffset } = record;
    if (members.has(name)) throw damaged(`it holds two zip members '${name}'`);
    if (headerOffset < reached) throw damaged(`zip member '${name}' overlaps the one before it`);
    const start = await contentStart(source, record);
    reached = start + record.size;
    if (reached > offset) throw damaged(`zip member '${name}' reaches into the directory`);
    const content = rangeOf(source, start, record.size);
    members.set(name, new ChecksummedSource(content, `zip member '${name}'`, record.crc));
  }
  return members;
}

/** Where the content of a member starts; its own header must agree with the directory. */
async function contentStart(source: ByteSource, record: DirectoryRecord): Promise<number> {
  const { name, headerOffset, crc } = record;
  const view = new DataView((await source.read(headerOffset, HEADER_BYTES)).buffer);
  const nameBytes = view.getUint16(26, true);
  const nameStart = headerOffset + HEADER_BYTES;
  const ownName = new TextDecoder().decode(await source.read(nameStart, nameBytes));
  const hasDescriptor = (view.getUint16(6, true) & HAS_DESCRIPTOR) !== 0;
  const agrees = view.getUint32(0, true) === HEADER_SIGNATURE && ownName === name &&
    view.getUint16(8, true) === 0 && (hasDescriptor || view.getUint32(14, true) === crc);
  if (!agrees) throw damaged(`the header of zip member '${name}' disagrees with the directory`);
  return nameStart + nameBytes + view.getUint16(28, true);
}

/**
 * The members of a tar file, read where they lie.
 * Format: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 *
 * @module
 */
import { type ByteSource, rangeOf } from "./byte_source.ts";
import { damaged } from "./fault.ts";
import { paxFields, readTarHeader, TAR_BLOCK, type TarHeader } from "./tar_header.ts";

/** Longest extended header that is read. Bytes. */
const LONGEST_EXTENSION = 2 ** 20;

/** More members than a model has files. */
const MOST_MEMBERS = 10_000;

/** What an extended header says of the member after it. */
interface Extension {
  readonly name?: string;
  readonly size?: number;
}

/**
 * Lists the files of a tar archive.
 *
 * @returns Their content, by name without a leading `./`.
 * @throws {CheckpointFault} if it is damaged or ends before its end mark, or two files bear
 * one name.
 */
export async function openTar(source: ByteSource): Promise<ReadonlyMap<string, ByteSource>> {
  const members = new Map<string, ByteSource>();
  let extension: Extension = {};
  let position = 0;
  for (let count = 0; count < MOST_MEMBERS; count++) {
    const header = readTarHeader(await source.read(position, TAR_BLOCK));
    if (header === null) {
      await checkEnd(source, position);
      return members;
    }
    const size = extension.size ?? header.size;
    const content = rangeOf(source, position + TAR_BLOCK, size);
    position += TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    const next = await readExtension(header, content);
    if (next === null && header.isFile) {
      addMember(members, extension.name ?? header.name, content);
    }
    extension = next === null ? {} : { ...extension, ...next };
  }
  throw damaged(`its tar archive has more than ${MOST_MEMBERS} members`);
}

function addMember(members: Map<string, ByteSource>, path: string, content: ByteSource): void {
  const name = path.replace(/^(\.\/)+/, "");
  if (members.has(name)) throw damaged(`it holds two files '${name}'`);
  members.set(name, content);
}

/** What a member says of the one after it; null if it is a member of its own right. */
async function readExtension(header: TarHeader, content: ByteSource): Promise<Extension | null> {
  const { kind } = header;
  if (kind === "other") return null;
  if (content.size > LONGEST_EXTENSION) {
    throw damaged(`its tar archive has an extended header of ${content.size} bytes`);
  }
  const text = new TextDecoder().decode(await content.read(0, content.size));
  if (kind === "long name") return { name: text.replace(/\0.*$/s, "") };
  if (kind === "global") return {};
  const fields = paxFields(text);
  const path = fields.get("path");
  const size = fields.get("size");
  return {
    ...(path === undefined ? {} : { name: path }),
    ...(size === undefined ? {} : { size: wholeNumber(size) }),
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw damaged(`its tar archive has a size of '${text}'`);
}

/** A tar archive ends with two blocks of zeros. */
async function checkEnd(source: ByteSource, position: number): Promise<void> {
  const blocks = await source.read(position, 2 * TAR_BLOCK);
  if (blocks.some((byte) => byte !== 0)) throw damaged("its tar archive lacks its end mark");
}

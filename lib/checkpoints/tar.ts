/**
 * The members of a tar file, read where they lie.
 * Format: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 *
 * @module
 */
import {
  isExtension,
  LONGEST_EXTENSION,
  readExtension,
  type TarExtension,
} from "../tar/extension.ts";
import { readTarHeader, TAR_BLOCK, TarFault, type TarHeader } from "../tar/header.ts";
import { type ByteSource, rangeOf } from "./byte_source.ts";
import { damaged } from "./fault.ts";

/** More members than a model has files. */
const MOST_MEMBERS = 10_000;

/**
 * Lists the files of a tar archive.
 *
 * @returns Their content, by name without a leading `./`.
 * @throws {CheckpointFault} if it is damaged or ends before its end mark, or two files bear
 * one name.
 */
export async function openTar(source: ByteSource): Promise<ReadonlyMap<string, ByteSource>> {
  try {
    return await readMembers(source);
  } catch (error) {
    throw error instanceof TarFault ? damaged(error.message) : error;
  }
}

async function readMembers(source: ByteSource): Promise<ReadonlyMap<string, ByteSource>> {
  const members = new Map<string, ByteSource>();
  let extension: TarExtension = {};
  let position = 0;
  for (let count = 0; count < MOST_MEMBERS; count++) {
    const header = readTarHeader(await source.read(position, TAR_BLOCK));
    if (header === null) {
      await checkEnd(source, position);
      return members;
    }
    const size = isExtension(header.kind) ? header.size : extension.size ?? header.size;
    const content = rangeOf(source, position + TAR_BLOCK, size);
    position += TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    if (isExtension(header.kind)) {
      extension = { ...extension, ...await extensionIn(header, content) };
      continue;
    }
    if (header.kind === "file") addMember(members, extension.name ?? header.name, content);
    extension = {};
  }
  throw damaged(`its tar archive has more than ${MOST_MEMBERS} members`);
}

function addMember(members: Map<string, ByteSource>, path: string, content: ByteSource): void {
  const name = path.replace(/^(\.\/)+/, "");
  if (members.has(name)) throw damaged(`it holds two files '${name}'`);
  members.set(name, content);
}

async function extensionIn(header: TarHeader, content: ByteSource): Promise<TarExtension> {
  if (content.size > LONGEST_EXTENSION) {
    throw damaged(`its tar archive has an extended header of ${content.size} bytes`);
  }
  return readExtension(header.kind, await content.read(0, content.size));
}

/** A tar archive ends with two blocks of zeros. */
async function checkEnd(source: ByteSource, position: number): Promise<void> {
  const blocks = await source.read(position, 2 * TAR_BLOCK);
  if (blocks.some((byte) => byte !== 0)) throw damaged("its tar archive lacks its end mark");
}

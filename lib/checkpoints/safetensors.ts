/**
 * safetensors: the length of a JSON header, the header, then the bytes of the tensors.
 *
 * @module
 */
import { type ByteSource, rangeOf } from "./byte_source.ts";
import { ELEMENT_BYTES } from "./convert.ts";
import { damaged } from "./fault.ts";
import { type HeaderEntry, parseSafetensorsHeader } from "./safetensors_header.ts";
import { elementCount, rowMajorStrides, type StoredTensor } from "./stored_tensor.ts";
import type { FoundTensors } from "./tensor_file.ts";

/** The length of the header comes first, as a 64-bit integer. Bytes. */
const LENGTH_BYTES = 8;

/** The format's own limit. Bytes. */
const LONGEST_HEADER = 100_000_000;

/**
 * Reads the header of a safetensors file and checks that its tensors fill the file without
 * gaps or overlaps.
 *
 * @throws {CheckpointFault}
 */
export async function readSafetensors(source: ByteSource): Promise<FoundTensors> {
  const length = await readHeaderLength(source);
  const { entries, metadata } = parseSafetensorsHeader(await source.read(LENGTH_BYTES, length));
  const start = LENGTH_BYTES + length;
  const data = rangeOf(source, start, source.size - start);
  checkOffsets(entries, data.size);
  return { tensors: entries.map((entry) => storedTensor(entry, data)), metadata };
}

async function readHeaderLength(source: ByteSource): Promise<number> {
  const bytes = await source.read(0, LENGTH_BYTES);
  const length = new DataView(bytes.buffer).getBigUint64(0, true);
  if (length > LONGEST_HEADER) {
    throw damaged(`its header claims ${length} bytes, and at most ${LONGEST_HEADER} are allowed`);
  }
  return Number(length);
}

function checkOffsets(entries: readonly HeaderEntry[], size: number): void {
  let reached = 0;
  for (const { name, type, shape, begin, end } of entries) {
    if (begin !== reached) {
      throw damaged(`tensor '${name}' starts at byte ${begin} of the data, not at ${reached}`);
    }
    const bytes = elementCount(shape) * ELEMENT_BYTES[type];
    if (end - begin !== bytes) {
      throw damaged(
        `tensor '${name}' of shape [${shape}] needs ${bytes} bytes and has ${end - begin}`,
      );
    }
    if (end > size) {
      throw damaged(`tensor '${name}' ends at byte ${end} of the data, which has ${size}`);
    }
    reached = end;
  }
  if (reached !== size) throw damaged(`${size - reached} bytes follow its last tensor`);
}

function storedTensor(entry: HeaderEntry, data: ByteSource): StoredTensor {
  const { name, type, shape, begin, end } = entry;
  const storage = rangeOf(data, begin, end - begin);
  return { name, type, shape, storage, offset: 0, strides: rowMajorStrides(shape) };
}

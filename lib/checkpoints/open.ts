/**
 * Opening a checkpoint of any format.
 *
 * @module
 */
import { type ByteSource, openFileSource } from "./byte_source.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { checkpointError, CheckpointFault, damaged } from "./fault.ts";
import { readSafetensors } from "./safetensors.ts";
import { type FoundTensors, TensorFile } from "./tensor_file.ts";
import { readTorchLegacy } from "./torch_legacy.ts";
import { readTorchZip } from "./torch_zip.ts";

/** Enough to tell every format. Bytes. */
const HEAD_BYTES = 64;

/** The first operation of a pickle, which tells its protocol. */
const PICKLE_START = 0x80;

/**
 * Opens a checkpoint: safetensors, or a file of `torch.save`, as a zip file or in the format of
 * torch before 1.6. The content tells which, not the name. Only headers are read; nothing in the
 * file is ever executed.
 *
 * @throws {SpeechmillError} if it is none of these, is damaged, or holds anything but tensors
 * and plain values.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  try {
    const file = openFileSource(path);
    return await readCheckpoint(file, path, file);
  } catch (error) {
    throw checkpointError(`Cannot read checkpoint '${path}'`, error);
  }
}

/**
 * Reads a checkpoint out of any bytes.
 *
 * @param source All of the checkpoint.
 * @param path What messages call it.
 * @param file What is closed with the checkpoint, or at once if this throws.
 * @throws {SpeechmillError} as `openCheckpoint` does.
 */
export async function readCheckpoint(
  source: ByteSource,
  path: string,
  file: Disposable,
): Promise<Checkpoint> {
  try {
    return new TensorFile(path, await findTensors(source), file);
  } catch (error) {
    file[Symbol.dispose]();
    throw checkpointError(`Cannot read checkpoint '${path}'`, error);
  }
}

async function findTensors(source: ByteSource): Promise<FoundTensors> {
  if (source.size === 0) throw damaged("the file is empty");
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  const text = String.fromCharCode(...head);
  // First, because the length before it can look like the start of the others. In those, this
  // byte is never a brace.
  if (text[8] === "{") return await readSafetensors(source);
  if (head[0] === PICKLE_START) return await readTorchLegacy(source);
  if (text.startsWith("PK")) return await readTorchZip(source);
  throw new CheckpointFault(`it is ${kindOf(text)}`);
}

/** What else people have under the name of a checkpoint. */
function kindOf(text: string): string {
  if (text.startsWith("version https://git-lfs")) {
    return "a pointer of Git LFS; download the file that it points to";
  }
  if (/^\s*<(!doctype|html)/i.test(text)) {
    return "a web page, not a checkpoint; download the file itself";
  }
  return "neither safetensors nor a file of torch.save; download it again";
}

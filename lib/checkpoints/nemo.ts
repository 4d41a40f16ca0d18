/**
 * `.nemo`: a tar archive, perhaps gzipped, with `model_config.yaml` and a checkpoint of torch.
 *
 * @module
 */
import { type ByteSource, type FileSource, openFileSource } from "./byte_source.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { checkpointError, CheckpointFault, damaged } from "./fault.ts";
import { gunzip, type GunzipOptions } from "./gunzip.ts";
import { readCheckpoint } from "./open.ts";
import { openTar } from "./tar.ts";

/** An open `.nemo` archive. */
export interface NemoArchive {
  /** The text of `model_config.yaml`. */
  readonly config: string;
  /** Its weights. Disposing of them closes the archive. */
  readonly checkpoint: Checkpoint;
}

const CONFIG = "model_config.yaml";

/** Far longer than any. Bytes. */
const LONGEST_CONFIG = 2 ** 20;

/**
 * Opens a `.nemo` archive. A plain one is read where it lies; one that is gzipped is unpacked
 * to a temporary file first.
 *
 * @throws {SpeechmillError} if it is no such archive, is damaged or lacks a part.
 */
export async function openNemo(path: string, options: GunzipOptions = {}): Promise<NemoArchive> {
  try {
    const file = await openTarFile(path, options);
    return await readNemo(file, path, file);
  } catch (error) {
    throw checkpointError(`Cannot read NeMo archive '${path}'`, error);
  }
}

/**
 * Reads a plain `.nemo` archive out of any bytes.
 *
 * @param source All of the archive.
 * @param path What messages call it.
 * @param file What is closed with the checkpoint, or at once if this throws.
 * @throws {SpeechmillError} as `openNemo` does.
 */
export async function readNemo(
  source: ByteSource,
  path: string,
  file: Disposable,
): Promise<NemoArchive> {
  const parts = await findParts(source).catch((error: unknown) => {
    file[Symbol.dispose]();
    throw checkpointError(`Cannot read NeMo archive '${path}'`, error);
  });
  const { config, weights, name } = parts;
  return { config, checkpoint: await readCheckpoint(weights, `${path}:${name}`, file) };
}

async function openTarFile(path: string, options: GunzipOptions): Promise<FileSource> {
  const file = openFileSource(path);
  try {
    if (!await isGzip(file)) return file;
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
  file[Symbol.dispose]();
  return await gunzip(path, options);
}

async function isGzip(file: ByteSource): Promise<boolean> {
  const [first, second] = await file.read(0, Math.min(2, file.size));
  return first === 0x1f && second === 0x8b;
}

async function findParts(source: ByteSource) {
  if (source.size === 0) throw damaged("the file is empty");
  const members = await openTar(source);
  const config = members.get(CONFIG);
  if (config === undefined) throw new CheckpointFault(`it holds no '${CONFIG}'`);
  const [weights, ...others] = [...members].filter(([name]) => name.endsWith(".ckpt"));
  if (weights === undefined || others.length > 0) {
    throw new CheckpointFault(`it holds ${others.length === 0 ? "no" : "more than one"} '*.ckpt'`);
  }
  const [name, content] = weights;
  return { config: await readConfig(config), name, weights: content };
}

async function readConfig(member: ByteSource): Promise<string> {
  if (member.size > LONGEST_CONFIG) {
    throw new CheckpointFault(
      `its '${CONFIG}' has ${member.size} bytes, and at most ${LONGEST_CONFIG} are read`,
    );
  }
  const bytes = await member.read(0, member.size);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw damaged(`its '${CONFIG}' is not UTF-8 text`);
  }
}

/**
 * The folder that decoded audio goes into, and its index of which file is which id's.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { messageOf, UsageError } from "../errors.ts";
import { type FileSystem, publishFile, temporaryName } from "../fs.ts";
import { z } from "../npm/zod.ts";
import { FileNames } from "../safe_name.ts";

/** Marks a folder as ours, and tells which run it belongs to. */
const MARK = ".speechmill-decode.json";
const INDEX = "index.jsonl";

/** What a folder of decoded audio needs. */
export interface DecodeFolderOptions {
  readonly fs: FileSystem;
  readonly path: string;
  /** The config digest of the run, and the digest of the codec: what tells the sound of two apart. */
  readonly runDigest: string;
  readonly modelDigest: string;
}

/** A clip, as the index has it. */
export interface DecodedClip {
  readonly id: string;
  readonly numSamples: number;
  readonly sampleRate: number;
}

/** An opened folder. */
export interface DecodeFolder {
  /** Absolute. */
  readonly path: string;
  /** Publishes a WAV file and lists it in the index; its name. */
  write(clip: DecodedClip, wav: Uint8Array): string;
}

/**
 * Makes the folder, or opens it again: a clip that was decoded before keeps its file name.
 *
 * @throws {UsageError} If it holds anything and was not made for this run.
 */
export async function openDecodeFolder(options: DecodeFolderOptions): Promise<DecodeFolder> {
  const { fs } = options;
  const path = resolve(options.path);
  const owner = { run: options.runDigest, model: options.modelDigest };
  const found = await namesIn(path);
  if (found.includes(MARK)) await checkOwner(path, owner);
  else if (found.length > 0) {
    throw new UsageError(
      `Cannot decode into '${path}': it already holds other files, such as '${found[0]}': ` +
        "name a new folder",
    );
  }
  fs.makeDirectory(path);
  publishFile(fs, join(path, MARK), `${JSON.stringify(owner)}\n`);
  const entries = found.includes(INDEX) ? await readIndex(join(path, INDEX)) : [];
  // Without the last line, which a killed session may have left half-written.
  publishFile(fs, join(path, INDEX), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  return new OpenedFolder(fs, path, entries);
}

const entry = z.object({
  file: z.string().regex(/^[^/\\]+\.wav$/, "not a WAV file in this folder"),
  id: z.string(),
  "num_samples": z.int(),
  "sample_rate": z.int(),
});
type IndexEntry = Readonly<z.infer<typeof entry>>;

class OpenedFolder implements DecodeFolder {
  readonly path: string;
  readonly #fs: FileSystem;
  readonly #names = new FileNames(".wav");
  readonly #listed = new Set<string>();

  constructor(fs: FileSystem, path: string, entries: readonly IndexEntry[]) {
    this.#fs = fs;
    this.path = path;
    for (const { file, id } of entries) {
      this.#names.adopt(file, id);
      this.#listed.add(id);
    }
  }

  write(clip: DecodedClip, wav: Uint8Array): string {
    const { id } = clip;
    const file = this.#names.of(id);
    const path = join(this.path, file);
    {
      using output = this.#fs.create(temporaryName(path));
      output.write(wav);
    }
    this.#fs.rename(temporaryName(path), path);
    if (this.#listed.has(id)) return file;
    const line: IndexEntry = {
      file,
      id,
      "num_samples": clip.numSamples,
      "sample_rate": clip.sampleRate,
    };
    Deno.writeTextFileSync(join(this.path, INDEX), `${JSON.stringify(line)}\n`, { append: true });
    this.#listed.add(id);
    return file;
  }
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new UsageError(`Cannot decode into '${path}': ${messageOf(error)}`, { cause: error });
  }
}

async function checkOwner(path: string, owner: { run: string; model: string }): Promise<void> {
  const mark = await Deno.readTextFile(join(path, MARK));
  if (mark === `${JSON.stringify(owner)}\n`) return;
  throw new UsageError(
    `Cannot decode into '${path}': it holds audio of another run, or of another decoder: ` +
      "name a new folder",
  );
}

async function readIndex(path: string): Promise<IndexEntry[]> {
  const lines = (await Deno.readTextFile(path)).split("\n").slice(0, -1);
  try {
    return lines.map((line) => entry.parse(JSON.parse(line)));
  } catch (error) {
    throw new UsageError(
      `Cannot read '${path}': ${messageOf(error)}: remove the folder, or name a new one`,
      { cause: error },
    );
  }
}

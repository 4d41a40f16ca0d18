/**
 * From a codec as its authors publish it to a folder that a worker opens.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../../lib/errors.ts";
import { type FileSystem, pathExists, realFileSystem } from "../../lib/fs.ts";
import type { HubOptions } from "../../lib/hub/repository.ts";
import { parseRepository } from "../../lib/hub/repository_id.ts";
import { cacheFolder } from "../cache_folder.ts";
import type { CodecSettings } from "../checkpoint_family.ts";
import { isFolderReference } from "../folder.ts";
import { openCheckpointSource } from "./checkpoint_source.ts";
import { chooseFiles } from "./choose_files.ts";
import { cacheName, type ConversionKey, publishFolder, removeAbandoned } from "./codec_cache.ts";
import { hubModel, localModel, type ModelFiles } from "./model_files.ts";
import { openExport } from "./ready_export.ts";
import type { CodecWriter } from "./source.ts";

/**
 * Version of the converter. A change that changes the bytes of a converted codec changes this
 * number, so that no cache gives the old ones.
 */
export const CONVERTER = 1;

/** How far a conversion has come. */
export type ConvertProgress =
  | {
    readonly type: "downloading";
    /** Empty while the repository is looked at. */
    readonly file: string;
    readonly bytes: number;
    /** Null where the server does not say. */
    readonly total: number | null;
  }
  | { readonly type: "writing"; readonly bytes: number; readonly total: number };

/** How to convert. */
export interface ConvertOptions extends CodecSettings {
  /** The folder of the result, which must not exist. @default one in the cache */
  readonly output?: string;
  readonly onProgress?: (progress: ConvertProgress) => void;
  /** @default {realFileSystem} */
  readonly fs?: FileSystem;
  /** How the Hub is reached. @default the real one */
  readonly hub?: HubOptions;
}

/** What converting gave. */
export interface Converted {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Whether it was there already. */
  readonly cached: boolean;
  /** The commit on the Hub that its files are of; null if they lay on this machine. */
  readonly commit: string | null;
}

/**
 * Converts a codec, or finds it in the cache, where it lies under the SHA-256 of the files it was
 * made of and the version of the converter.
 *
 * @param reference `org/name` or `org/name@revision` on the Hugging Face Hub, or the path of a
 * folder or file.
 * @throws {UsageError} If there is no such model, or it is no codec that can be converted.
 * @throws {SpeechmillError} If a file is damaged, config and weights do not fit each other, or
 * the disk does not take the result. Nothing half-made is left behind.
 */
export async function convertCodec(
  reference: string,
  options: ConvertOptions = {},
): Promise<Converted> {
  // Before anything is downloaded.
  refuseExisting(options.output);
  const find = (name: string) => findModel(name, options);
  const files = await find(reference);
  const chosen = chooseFiles(files);
  await using source = chosen.kind === "export"
    ? await openExport(files, chosen)
    : await openCheckpointSource(files, chosen, find);
  const settings = settingsOf(options);
  const key = { id: files.id, converter: CONVERTER, files: source.hashes, settings };
  const folder = folderFor(key, options);
  const { commit, place } = files;
  if (pathExists(join(folder, "codec.json"))) return { folder, cached: true, commit };
  await publish(folder, await source.convert(settings), { ...options, key, place });
  return { folder, cached: false, commit };
}

async function findModel(reference: string, options: ConvertOptions): Promise<ModelFiles> {
  const repository = isFolderReference(reference) ? null : parseRepository(reference);
  if (repository === null) return localModel(reference);
  // A Hub that does not answer is asked for half a minute: say what is being waited for.
  options.onProgress?.({ type: "downloading", file: "", bytes: 0, total: null });
  return await hubModel(repository, {
    ...options.hub,
    onProgress: (progress) => options.onProgress?.({ type: "downloading", ...progress }),
  });
}

/** Only what was given: a default that is spelt out must not make another codec. */
function settingsOf(options: ConvertOptions): CodecSettings {
  const { bandwidth, codebooks, chunked, noiseSeed, precision } = options;
  return {
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(codebooks === undefined ? {} : { codebooks }),
    ...(chunked ? { chunked } : {}),
    ...(noiseSeed === undefined ? {} : { noiseSeed }),
    ...(precision === undefined || precision === "float32" ? {} : { precision }),
  };
}

function folderFor(key: ConversionKey, options: ConvertOptions): string {
  return options.output === undefined
    ? join(resolve(cacheFolder(options.hub?.environment)), "codecs", cacheName(key))
    : resolve(options.output);
}

function refuseExisting(output: string | undefined): void {
  if (output === undefined || !pathExists(output)) return;
  throw new UsageError(
    `Cannot convert into '${resolve(output)}': it exists already; name a new folder`,
  );
}

interface Publication extends ConvertOptions {
  readonly key: ConversionKey;
  /** What is converted, for messages. */
  readonly place: string;
}

async function publish(
  folder: string,
  write: CodecWriter,
  { key, place, fs = realFileSystem, onProgress, output }: Publication,
): Promise<void> {
  const advice = output === undefined
    ? "make room there, or set SPEECHMILL_CACHE to a folder on another disk"
    : "make room there, or name another folder";
  if (output === undefined) await removeAbandoned(dirname(folder), Date.now());
  const { id: _, ...source } = key;
  await publishFolder(
    folder,
    { fs, action: `convert '${place}'`, advice },
    (temporary) =>
      write(temporary, {
        fs,
        source,
        onProgress: (bytes, total) => onProgress?.({ type: "writing", bytes, total }),
      }),
  );
}

/**
 * The codecs that can be named. A new one is one file beside this, and one line in `FAMILIES`.
 *
 * @module
 */
import { UsageError } from "../lib/errors.ts";
import { didYouMean } from "../lib/nearest.ts";
import { BundledFamily } from "./bundled.ts";
import type { Codec, CodecDigests, CodecOptions, CodecSpec } from "./codec.ts";
import type { CodecFamily } from "./family.ts";
import { FolderFamily, isFolderReference } from "./folder.ts";

const FAMILIES: readonly CodecFamily[] = [
  new BundledFamily(),
];

/** The codecs that can be named, in the order of the documentation. */
export function codecIds(): readonly string[] {
  return FAMILIES.map(({ spec }) => spec.id);
}

/**
 * The facts of a codec. Loads no model: of a folder, only its `codec.json` is read.
 *
 * @param reference A codec's id, or a folder with a `codec.json` (`./my-codec`); see `docs/codecs.md`.
 * @throws {UsageError} If there is no such codec.
 */
export function codecSpec(reference: string): CodecSpec {
  return findFamily(reference).spec;
}

/**
 * Digests of a codec's files: what a run remembers of its model. The runtime is not loaded for
 * them.
 *
 * @param reference As for `codecSpec`.
 * @throws {UsageError} If there is no such codec.
 */
export async function codecDigests(reference: string): Promise<CodecDigests> {
  return await findFamily(reference).digests();
}

/**
 * Brings a codec's files onto this machine, where they are not, so that opening it needs no
 * network. The coordinator calls it once before workers without network permission start.
 *
 * @param reference As for `codecSpec`.
 * @throws {UsageError} If there is no such codec.
 */
export async function prefetchCodec(reference: string): Promise<void> {
  await findFamily(reference).prefetch();
}

/**
 * Opens a codec.
 *
 * Encoder and decoder are loaded when they are first used, on the execution provider asked for;
 * if it does not start, that first call throws a `DeviceError`.
 *
 * @param reference As for `codecSpec`.
 * @throws {UsageError} If there is no such codec.
 */
export async function loadCodec(reference: string, options: CodecOptions = {}): Promise<Codec> {
  return await findFamily(reference).open(options);
}

function findFamily(reference: string): CodecFamily {
  const family = FAMILIES.find(({ spec }) => spec.id === reference);
  if (family !== undefined) return family;
  if (isFolderReference(reference)) return new FolderFamily(reference);
  throw new UsageError(
    `Cannot find codec '${reference}'${didYouMean(reference, codecIds())}: ` +
      `the known ones are ${codecIds().join(", ")}; a folder is written './folder', ` +
      `a repository on the Hugging Face Hub 'organisation/name'`,
  );
}

/**
 * From what a user calls a codec to what a worker opens: converts it first where it must be.
 *
 * Only the coordinator does this; workers have no network and write nothing.
 *
 * @module
 */
import { join } from "node:path";
import { UsageError } from "../lib/errors.ts";
import { pathExists } from "../lib/fs.ts";
import { parseRepository } from "../lib/hub/repository_id.ts";
import type { CodecSettings } from "./checkpoint_family.ts";
import type { ConvertOptions } from "./convert/convert.ts";
import { isFolderReference } from "./folder.ts";
import type { Codec, CodecOptions } from "./codec.ts";
import { codecSpec, loadCodec, prefetchCodec } from "./registry.ts";

/** How to get at a codec. */
export type ResolveOptions = Omit<ConvertOptions, "output">;

/** A codec on this machine. */
export interface ResolvedCodec {
  /** What `loadCodec` opens without network. */
  readonly reference: string;
  /** The commit on the Hub that it was made from; null if it lay on this machine. */
  readonly commit: string | null;
}

/**
 * Brings a codec onto this machine in the form that is opened.
 *
 * @param reference A codec's id, `org/name` or `org/name@revision` on the Hugging Face Hub, a folder
 * with a `codec.json`, or a folder or file with a model as its authors publish it.
 * @throws As `convertCodec`; {UsageError} too if a setting is given that a ready codec has not.
 */
export async function resolveCodec(
  reference: string,
  options: ResolveOptions = {},
): Promise<ResolvedCodec> {
  if (!isReadyCodec(reference)) {
    const { convertCodec } = await import("./convert/convert.ts");
    const { folder, commit } = await convertCodec(reference, options);
    return { reference: folder, commit };
  }
  const { id } = codecSpec(reference);
  refuseSettings(id, options);
  await prefetchCodec(reference);
  return { reference, commit: null };
}

/** Whether a codec is opened as it lies: the bundled one, or a folder with a `codec.json`. */
export function isReadyCodec(reference: string): boolean {
  return isFolderReference(reference)
    ? pathExists(join(reference, "codec.json"))
    : parseRepository(reference) === null;
}

/** How to open a codec that may have to be brought here first. */
export type OpenCodecOptions = CodecOptions & ResolveOptions;

/**
 * Opens a codec, by whatever name; see `resolveCodec`.
 *
 * @throws As `resolveCodec`.
 */
export async function openCodec(
  reference: string,
  options: OpenCodecOptions = {},
): Promise<Codec> {
  const resolved = await resolveCodec(reference, options);
  return await loadCodec(resolved.reference, options);
}

const CONVERSION_SETTINGS = {
  bandwidth: true,
  codebooks: true,
  chunked: true,
  noiseSeed: true,
  precision: true,
} as const satisfies Record<keyof CodecSettings, true>;

function refuseSettings(id: string, options: ResolveOptions): void {
  const given = Object.keys(CONVERSION_SETTINGS).find((name) =>
    options[name as keyof CodecSettings] !== undefined
  );
  if (given === undefined) return;
  throw new UsageError(
    `Cannot use codec '${id}' with ${given}: it is ready as it is; such settings are for codecs ` +
      `that are converted from a checkpoint`,
  );
}

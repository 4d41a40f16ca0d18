/**
 * WebDataset tars: members of one key are a sample, its audio is read where it lies in the tar.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { UsageError } from "../errors.ts";
import { listMembers } from "../tar/members.ts";
import { FileWindow } from "../tar/window.ts";
import type { RowOptions } from "./dataset.ts";
import { AUDIO_EXTENSIONS } from "./extensions.ts";
import { FieldError } from "./fields.ts";
import { inTurns } from "./in_turns.ts";
import { isFile } from "./locate.ts";
import type { RowMapping } from "./row_mapping.ts";
import { labelsOf } from "./several.ts";
import type { Source, SourceFile, SourceItem } from "./source.ts";
import { expandBraces } from "./tar_braces.ts";
import { downloadTar, type TarCacheOptions, unpackTar } from "./tar_cache.ts";
import { mapTarFields } from "./tar_columns.ts";
import { shownAddress } from "./tar_download.ts";
import { groupMembers } from "./tar_groups.ts";
import { listTar, type LocalTar } from "./tar_items.ts";
import { isAudio, readValues, type TarValues } from "./tar_row.ts";
import { sniffTar } from "./tar_sniff.ts";

/** Which tars to list, and how. */
export interface TarSourceOptions extends TarCacheOptions {
  /** Absolute paths and `http(s)` addresses, gzipped or not; braces stand for several. */
  readonly paths: readonly string[];
  /** How places call the only tar, or what stands before the names of several. @default their names */
  readonly label?: string;
  readonly rows: Pick<RowOptions, "columns" | "where">;
}

/** Samples by which the columns are found. */
const FIRST_SAMPLES = 256;

/**
 * Opens tars: downloads and unpacks what cannot be read where it is, and looks at the first
 * samples. An id is the key, the path of a member up to the first dot of its file name.
 *
 * @throws {UsageError} If a tar is missing, is none, or the columns that were asked for do not
 *   exist.
 * @throws {SpeechmillError} If a tar cannot be downloaded, or the disk is full.
 */
export async function openTarSource(options: TarSourceOptions): Promise<Source> {
  const paths = await expandAll(options.paths);
  const labels = labelsFor(paths, options.label);
  const tars: LocalTar[] = [];
  for (const [index, path] of paths.entries()) {
    const { name, ...brought } = await bring(path, options);
    checkTar(brought, name);
    tars.push({ ...brought, name, label: labels[index] ?? name });
  }
  const mapping = mapFields(tars, options);
  return {
    description: `tar ${options.paths.map(withoutSecrets).join(", ")}`,
    list: () => inTurns(listAll(tars, mapping)),
    fingerprint: () => Promise.resolve(tars.map(fingerprintTar)),
    ...(mapping.textOnly === undefined ? {} : { textOnly: mapping.textOnly }),
  };
}

async function expandAll(paths: readonly string[]): Promise<readonly string[]> {
  const expanded: string[] = [];
  for (const path of paths) {
    // A name may hold braces that stand for themselves.
    if (addressOf(path) === null && await isFile(path)) expanded.push(path);
    else expanded.push(...expandBraces(path));
  }
  return expanded;
}

/** A path or address as it was given, braces and all, but for what opens it. */
function withoutSecrets(path: string): string {
  return addressOf(path) === null
    ? path
    : path.replace(/^(\w+:\/\/)[^/@]*@/, "$1").replace(/[?#].*$/s, "");
}

function shownPath(path: string): string {
  const address = addressOf(path);
  return address === null ? path : shownAddress(address);
}

function addressOf(path: string): URL | null {
  return /^https?:\/\//i.test(path) && URL.canParse(path) ? new URL(path) : null;
}

function labelsFor(paths: readonly string[], label: string | undefined): readonly string[] {
  if (label !== undefined && paths.length === 1) return [label];
  const names = labelsOf(paths.map(shownPath));
  return label === undefined || label === "" ? names : names.map((name) => `${label}/${name}`);
}

async function bring(
  path: string,
  options: TarSourceOptions,
): Promise<Omit<LocalTar, "label">> {
  const address = addressOf(path);
  if (address !== null) {
    return { ...await downloadTar(address, options), name: shownAddress(address) };
  }
  if (sniffTar(path, path) === "gzip") return { ...await unpackTar(path, options), name: path };
  return { path, name: path, problem: null };
}

/** What was unpacked or downloaded must be a tar as well. */
function checkTar({ path, problem }: Omit<LocalTar, "label" | "name">, name: string): void {
  try {
    if (sniffTar(path, name) === "tar") return;
  } catch (error) {
    if (problem === null) throw error;
  }
  throw new UsageError(`Cannot read '${name}': ${problem ?? "it is gzipped more than once"}`);
}

/** Looks at the first samples of the first tar that has some. */
function mapFields(tars: readonly LocalTar[], { rows }: TarSourceOptions): RowMapping {
  const values: TarValues[] = [];
  const audio = new Set<string>();
  for (const { path } of tars) {
    using bytes = new FileWindow(path);
    for (const group of groupMembers(listMembers(bytes))) {
      if (values.length >= FIRST_SAMPLES) break;
      if (group.kind === "damage") continue;
      const sound = group.members.filter(isAudio);
      for (const { extension } of sound) audio.add(extension);
      values.push(valuesOrNone(group.members, bytes));
    }
    if (values.length > 0) break;
  }
  const label = tars[0]?.name ?? "";
  return mapTarFields({ label, values, audio, rows });
}

function valuesOrNone(...parameters: Parameters<typeof readValues>): TarValues {
  try {
    return readValues(...parameters);
  } catch (error) {
    // Listing tells what is wrong.
    if (error instanceof FieldError) return new Map();
    throw error;
  }
}

async function* listAll(
  tars: readonly LocalTar[],
  mapping: RowMapping,
): AsyncGenerator<SourceItem, void, void> {
  let isEmpty = true;
  for (const tar of tars) {
    for (const item of listTar(tar, mapping)) {
      if (item.kind !== "excluded" || mapping.filters.length > 0) isEmpty = false;
      yield item;
    }
  }
  if (!isEmpty) return;
  throw new UsageError(
    `Cannot list '${tars[0]?.name}': it holds no audio and no text: known extensions are ${
      AUDIO_EXTENSIONS.join(", ")
    }`,
  );
}

/** Bytes at each end of a tar that its fingerprint covers. */
const ENDS = 1 << 16;

/**
 * The digest of a tar's size, of when it was written and of its ends. To read every header takes
 * minutes of ten million samples; workers hold each sample's tar to size and time as well.
 */
function fingerprintTar({ path, name, problem }: LocalTar): SourceFile {
  const { size, mtime } = Deno.statSync(path);
  const hash = createHash("sha256").update(`${size} ${mtime?.getTime()} ${problem}\0`);
  using bytes = new FileWindow(path);
  for (const start of [0, Math.max(0, size - ENDS)]) hash.update(bytes.read(start, ENDS));
  return { path: name, sha256: hash.digest("hex") };
}

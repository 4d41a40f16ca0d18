/**
 * Reading what a run wrote.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { SpeechmillError } from "./errors.ts";
import { type EncodedRow, encodedRow, type RawRow } from "./reading/encoded_row.ts";
import { pathOf, positionOf, sealedFiles, whyMissing } from "./reading/ledger_index.ts";
import { readManifest, type RunFile, type RunManifest } from "./reading/manifest.ts";
import { openLedger } from "./reading/open_ledger.ts";
import { type RowLayout, rowLayout } from "./reading/row_layout.ts";
import { ShardCache } from "./reading/shard_cache.ts";
import type { Ledger } from "./run/ledger.ts";
import type { Split } from "./run/schema.ts";
import { shardFormatOf } from "./shards/registry.ts";

export type { EncodedRow, RawRow, RunFile, RunManifest };

/** Which rows to read. */
export interface RowsOptions {
  /** Rows of one split alone. @default both, `train` first */
  readonly split?: Split;
}

/** An id without a row, and why. */
export interface MissingRow {
  readonly id: string;
  /** A clause for a message: `it was quarantined as not_audio: …`. */
  readonly why: string;
}

/** An opened run. The ledger is held open until it is disposed of. */
export interface Run extends Disposable {
  /** Absolute. */
  readonly directory: string;
  /** `manifest.json` as it was when the run was opened. */
  readonly manifest: RunManifest;
  /** The data files, in the order of the plan; while a run goes on, those sealed so far. */
  readonly files: readonly RunFile[];
  /** Every row, in the order of the plan, a file at a time. */
  rows(options?: RowsOptions): AsyncGenerator<EncodedRow>;
  /**
   * The row of an id, or null if there is none.
   *
   * Where the run has its ledger one file is read, and kept for the next call; in a dataset
   * without `.speechmill/` files are read from the first on.
   */
  row(id: string): Promise<EncodedRow | null>;
  /** The rows of some ids, in the order of the plan, each file read once. Ids without a row are left out. */
  rowsById(ids: Iterable<string>): AsyncGenerator<EncodedRow>;
  /** Those of the ids that have no row, and why. */
  missing(ids: Iterable<string>): Promise<MissingRow[]>;
}

/**
 * Opens a run to read its rows: a finished one, one that stopped or still goes on (of which the
 * sealed files are seen), or a published dataset without its `.speechmill/`.
 *
 * @param directory The run directory.
 * @throws {UsageError} If it holds no run.
 * @throws {SpeechmillError} If the manifest or the ledger is damaged.
 */
export async function openRun(directory: string): Promise<Run> {
  const root = resolve(directory);
  const manifest = await readManifest(root);
  return new OpenedRun(root, manifest, openLedger(root));
}

class OpenedRun implements Run {
  readonly directory: string;
  readonly manifest: RunManifest;
  readonly files: readonly RunFile[];
  readonly #layout: RowLayout;
  readonly #ledger: Ledger | null;
  readonly #cache: ShardCache;
  #byPath: ReadonlyMap<string, RunFile>;

  constructor(directory: string, manifest: RunManifest, ledger: Ledger | null) {
    this.directory = directory;
    this.manifest = manifest;
    this.#ledger = ledger;
    this.files = ledger === null ? manifest.files : sealedFiles(ledger);
    this.#layout = rowLayout(manifest);
    this.#cache = new ShardCache(directory, manifest.columns);
    this.#byPath = new Map(this.files.map((file) => [file.path, file]));
  }

  async *rows(options: RowsOptions = {}): AsyncGenerator<EncodedRow> {
    for (const file of this.files) {
      if (options.split !== undefined && file.split !== options.split) continue;
      for await (const raw of this.#read(file)) yield encodedRow(this.#layout, raw);
    }
  }

  async row(id: string): Promise<EncodedRow | null> {
    if (this.#ledger === null) {
      for await (const row of this.rowsById([id])) return row;
      return null;
    }
    const path = pathOf(this.#ledger, id);
    if (path === null) return null;
    const file = this.#file(this.#ledger, path);
    const position = positionOf(this.#ledger, id);
    const raw = await this.#cache.row(file, position);
    return encodedRow(this.#layout, this.#expect(file, position, id, raw));
  }

  async *rowsById(ids: Iterable<string>): AsyncGenerator<EncodedRow> {
    const wanted = new Set(ids);
    const paths = this.#ledger === null ? null : this.#pathsOf(this.#ledger, wanted);
    for (const file of this.files) {
      if (wanted.size === 0) return;
      if (paths !== null && !paths.has(file.path)) continue;
      for await (const raw of this.#read(file)) {
        if (wanted.delete(String(raw["id"]))) yield encodedRow(this.#layout, raw);
      }
    }
  }

  async missing(ids: Iterable<string>): Promise<MissingRow[]> {
    const ledger = this.#ledger;
    const rest = new Set(ids);
    if (ledger === null) {
      for await (const row of this.rowsById(rest)) rest.delete(row.id);
      return [...rest].map((id) => ({ id, why: "the run has no row of this id" }));
    }
    return [...rest].filter((id) => pathOf(ledger, id) === null)
      .map((id) => ({ id, why: whyMissing(ledger, id) }));
  }

  [Symbol.dispose](): void {
    this.#ledger?.[Symbol.dispose]();
  }

  #pathsOf(ledger: Ledger, ids: Iterable<string>): Set<string> {
    return new Set([...ids].flatMap((id) => pathOf(ledger, id) ?? []));
  }

  #file(ledger: Ledger, path: string): RunFile {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    // Sealed since the run was opened.
    this.#byPath = new Map(sealedFiles(ledger).map((file) => [file.path, file]));
    const file = this.#byPath.get(path);
    if (file !== undefined) return file;
    throw new SpeechmillError(`Cannot find '${path}' among the files of '${this.directory}'`);
  }

  #expect(file: RunFile, position: number, id: string, raw: RawRow | undefined): RawRow {
    if (raw !== undefined && raw["id"] === id) return raw;
    const found = raw === undefined ? "the file ends before it" : `'${raw["id"]}' stands there`;
    throw new SpeechmillError(
      `Cannot read row '${id}' as row ${position + 1} of '${file.path}': ${found}: ` +
        `'speechmill verify ${this.directory}' tells what is damaged`,
    );
  }

  #read(file: RunFile): AsyncIterable<RawRow> {
    return shardFormatOf(file.path).read(join(this.directory, file.path), this.manifest.columns);
  }
}

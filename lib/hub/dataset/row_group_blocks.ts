/**
 * Row groups of files on the Hub as blocks of a source: each comes when its samples are due, as a
 * sparse file that any reader of Parquet can read these rows of.
 *
 * A part of a file cannot be held to the SHA-256 of the whole. What comes is held to the file's tag
 * and size (see `remote_ranges.ts`), to the footer that was planned with, to the headers of its pages
 * and, where the writer left some, to their CRCs. Damage within a page shows when it is decoded.
 *
 * @module
 */
import { join, relative, sep } from "node:path";
import { SampleError, SpeechmillError } from "../../errors.ts";
import { checkRowGroup } from "../../parquet/check_row_group.ts";
import { openParquet, type ParquetFile, type ParquetRowGroup } from "../../parquet/open.ts";
import { rowGroupRanges } from "../../parquet/ranges.ts";
import { RowGroupError } from "../../parquet/row_group_error.ts";
import type { Blocks } from "../../sources/source.ts";
import { sizeOf } from "../cache.ts";
import type { WriteAll } from "../part.ts";
import { writeBlock } from "./block_file.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Footers } from "./footers.ts";
import { Once } from "./once.ts";
import type { RangeReader } from "./range_reader.ts";

/** What row groups are brought of, and where to. */
export interface RowGroupBlocksOptions {
  /** Absolute path of a folder that no other run uses. */
  readonly folder: string;
  readonly files: readonly DatasetFile[];
  /** The column with the audio. */
  readonly column: string;
  readonly reader: RangeReader;
  readonly footers: Footers;
  /** @default writes to the disk */
  readonly write?: WriteAll | undefined;
}

/** How often damaged pages are asked for. */
const ATTEMPTS = 2;

/** A row group that a path names. */
interface Block {
  readonly path: string;
  readonly file: DatasetFile;
  readonly rowGroup: number;
}

/** Brings row groups and drops them. */
export class RowGroupBlocks implements Blocks {
  readonly #options: RowGroupBlocksOptions;
  /** By path: what is on its way is waited for. */
  readonly #coming = new Once();

  constructor(options: RowGroupBlocksOptions) {
    this.#options = options;
  }

  /** Where a row group lies when it is here. */
  pathOf({ facts }: DatasetFile, rowGroup: number): string {
    return join(this.#options.folder, facts.etag, `${rowGroup}.parquet`);
  }

  /** Whether a path is that of a row group, as far as its folder tells. */
  owns(path: string): boolean {
    const inner = relative(this.#options.folder, path);
    return inner !== "" && inner !== ".." && !inner.startsWith(`..${sep}`);
  }

  async bring(path: string, signal: AbortSignal): Promise<void> {
    await this.#coming.run(path, () => this.#bring(this.#blockAt(path), signal));
  }

  async drop(path: string): Promise<void> {
    await this.#coming.settled(path);
    try {
      await Deno.remove(this.#blockAt(path).path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #bring(block: Block, signal: AbortSignal): Promise<void> {
    const { facts, name } = block.file;
    if (await sizeOf(block.path) === facts.size) return;
    using buffer = await this.#options.footers.open(block.file);
    const file = await openParquet(buffer, name);
    const group = file.rowGroups[block.rowGroup];
    if (group === undefined) throw this.#noBlock(block.path);
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#write(block, file, group, signal);
      } catch (error) {
        if (!(error instanceof RowGroupError)) throw error;
        // What came damaged may have been damaged on its way.
        if (attempt < ATTEMPTS) continue;
        throw new SampleError("corrupt_audio", error.message, { cause: error });
      }
    }
  }

  async #write(
    { path, file: { facts }, file: datasetFile }: Block,
    file: ParquetFile,
    group: ParquetRowGroup,
    signal: AbortSignal,
  ): Promise<void> {
    const { reader, column, write } = this.#options;
    await writeBlock({
      path,
      size: facts.size,
      write,
      fill: async (take) => {
        const ranges = rowGroupRanges(file, group, [column]);
        await reader.read(datasetFile, ranges, { take, signal });
        const { start, end } = file.footer;
        await take(new Uint8Array(await file.buffer.slice(start, end)), start);
      },
      check: (buffer) => checkRowGroup(buffer, file, group, [column]),
    });
  }

  #blockAt(path: string): Block {
    const [etag, name, ...rest] = relative(this.#options.folder, path).split(sep);
    const file = this.#options.files.find(({ facts }) => facts.etag === etag);
    const rowGroup = /^(\d+)\.parquet$/.exec(name ?? "")?.[1];
    if (file === undefined || rowGroup === undefined || rest.length > 0) throw this.#noBlock(path);
    return { path, file, rowGroup: Number(rowGroup) };
  }

  #noBlock(path: string): SpeechmillError {
    const name = this.#options.files[0]?.repository.id ?? "";
    return new SpeechmillError(
      `Cannot bring '${path}' here: it is no row group of the dataset '${name}': plan a new run ` +
        "with another output folder",
    );
  }
}

/**
 * Rows to Parquet, a row group at a time.
 *
 * @module
 */
import { constants, zstdCompressSync } from "node:zlib";
import { ByteWriter, type ColumnSource, ParquetWriter } from "../npm/hyparquet_writer.ts";
import { cellOf } from "./cell.ts";
import type { CellValue, Column } from "./column.ts";
import type { ShardTarget, ShardWriter, WrittenShard } from "./format.ts";
import { huggingFaceFeatures, parquetSchema } from "./parquet_schema.ts";
import { breathe, ShardFile } from "./shard_file.ts";

/**
 * What a row group holds at most. A group is encoded in one go on the coordinator's thread, and
 * whoever reads a row reads its group: half a million tokens are a tenth of a second and 0.6 MB.
 */
const GROUP = { rows: 1000, tokens: 500_000, characters: 8_000_000 };

/** Writes one shard. */
export class ParquetShardWriter implements ShardWriter {
  readonly #columns: readonly Column[];
  readonly #file: ShardFile;
  readonly #writer: ParquetWriter;
  #cells: CellValue[][];
  #inGroup = { rows: 0, tokens: 0, characters: 0 };
  #rows = 0;

  /** @param level Of Zstandard, 1 (fast) to 19 (small). */
  constructor(target: ShardTarget, level: number) {
    const { columns } = target;
    this.#columns = columns;
    this.#cells = columns.map(() => []);
    this.#file = new ShardFile(target);
    this.#writer = new ParquetWriter({
      writer: new GroupBytes(this.#file),
      schema: parquetSchema(columns),
      codec: "ZSTD",
      compressors: { ZSTD: (bytes) => compress(bytes, level) },
      kvMetadata: [huggingFaceFeatures(columns)],
      createdBy: "speechmill",
    });
  }

  async write(rows: readonly object[]): Promise<void> {
    for (const row of rows) {
      this.#add(row);
      const { rows, tokens, characters } = this.#inGroup;
      if (rows < GROUP.rows && tokens < GROUP.tokens && characters < GROUP.characters) continue;
      this.#writeGroup();
      await breathe();
    }
  }

  async finish(): Promise<WrittenShard> {
    this.#writeGroup();
    await this.#writer.finish();
    return this.#file.finish(this.#rows);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #add(row: object): void {
    for (const [i, column] of this.#columns.entries()) {
      const cell = cellOf(row, column);
      this.#cells[i]?.push(cell);
      if (Array.isArray(cell)) this.#inGroup.tokens += cell.length;
      else if (typeof cell === "string") this.#inGroup.characters += cell.length;
    }
    this.#inGroup.rows++;
    this.#rows++;
  }

  #writeGroup(): void {
    const { rows } = this.#inGroup;
    if (rows === 0) return;
    const columnData = this.#columns.map((column, i) => columnSource(column, this.#cells[i] ?? []));
    this.#cells = this.#columns.map(() => []);
    this.#inGroup = { rows: 0, tokens: 0, characters: 0 };
    this.#writer.write({ columnData, rowGroupSize: rows });
  }
}

function columnSource({ name, type }: Column, cells: readonly CellValue[]): ColumnSource {
  if (type === "int64") {
    return { name, data: cells.map((cell) => cell === null ? null : BigInt(Number(cell))) };
  }
  // Least and largest of tokens help no query, and to find them costs as much as to encode them.
  return { name, data: [...cells], ...(type === "tokens" && { statistics: false }) };
}

/** With a checksum, so that a flipped bit is an error and not another token. */
function compress(bytes: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

/** Bytes of a row group, written to the file when it is complete. */
class GroupBytes extends ByteWriter {
  readonly #file: ShardFile;

  constructor(file: ShardFile) {
    super();
    this.#file = file;
  }

  /** Called after each row group. */
  flush(): void {
    this.#file.write(this.getBytes());
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }
}

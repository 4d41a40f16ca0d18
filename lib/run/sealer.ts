/**
 * Shards from the ledger to the disk, each exactly once under its final name.
 *
 * @module
 */
import { join } from "node:path";
import { type FileSystem, temporaryName } from "../fs.ts";
import type { ShardFormat, WrittenShard } from "../shards/format.ts";
import type { Job, PlannedSample } from "./job.ts";
import type { Ledger } from "./ledger.ts";
import { SPLITS } from "./schema.ts";

/** Rows read from the ledger at a time, and characters of output: an hour of audio makes millions. */
const PAGE = { rows: 200, characters: 4_000_000 };

/** A shard as it is planned. */
interface ShardRow {
  readonly shard: number;
  readonly split: number;
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly of: number;
}

/** A shard that is sealed; `path` is null if every one of its samples failed. */
export interface SealedShard extends WrittenShard {
  readonly path: string | null;
}

/** What sealing needs. */
export interface SealerOptions {
  readonly ledger: Ledger;
  readonly fs: FileSystem;
  readonly job: Job;
  readonly format: ShardFormat;
  /** The run directory. */
  readonly directory: string;
}

/** Shards whose every sample has an outcome, and which are not sealed: all that a crash left. */
export function sealableShards(ledger: Ledger): number[] {
  const open = "SELECT 1 FROM sample WHERE state = 0 AND sample.shard = shard.shard";
  const sql = `SELECT shard FROM shard WHERE sealed = 0 AND NOT EXISTS (${open}) ORDER BY shard`;
  return ledger.all<{ shard: number }>(sql).map((row) => row.shard);
}

/**
 * Writes a shard under a temporary name, syncs it, renames it, syncs the folder, and then
 * records it and drops its outputs from the ledger in one transaction. Killed anywhere in
 * between, the next session does it again with the same bytes.
 */
export async function sealShard(
  options: SealerOptions,
  shard: number,
): Promise<SealedShard> {
  const { ledger, fs, directory } = options;
  const row = ledger.get<ShardRow>(
    "SELECT *, (SELECT COUNT(*) FROM shard AS other WHERE other.split = shard.split) AS of FROM shard WHERE shard = ?",
    shard,
  );
  if (row === undefined) {
    throw new RangeError(`Cannot seal shard ${shard}: it is not in the plan`);
  }
  const relative = `data/${shardName(row, options.format.extension)}`;
  const path = join(directory, relative);
  const totals = { tokens: 0, seconds: 0 };

  const written = await write(options, row, path, totals);
  if (written.rows === 0) fs.remove(temporaryName(path));
  else {
    fs.rename(temporaryName(path), path);
    fs.syncDirectory(join(directory, "data"));
  }
  const published = written.rows === 0 ? null : relative;
  const bytes = written.rows === 0 ? 0 : written.bytes;
  ledger.transaction(() => {
    ledger.run(
      "UPDATE shard SET sealed = 1, path = ?, rows = ?, bytes = ?, sha256 = ?, tokens = ?, seconds = ? WHERE shard = ?",
      ...[
        published,
        written.rows,
        bytes,
        written.sha256,
        totals.tokens,
        totals.seconds,
        shard,
      ],
    );
    ledger.run(
      "DELETE FROM result WHERE idx BETWEEN ? AND ? AND (SELECT shard FROM sample WHERE sample.idx = result.idx) = ?",
      ...[row.first, row.last, shard],
    );
  });
  return { ...written, bytes, path: published };
}

/** `train-00000-of-00003.jsonl.gz` */
function shardName(row: ShardRow, extension: string): string {
  const digits = (value: number) => String(value).padStart(5, "0");
  return `${SPLITS[row.split]}-${digits(row.number)}-of-${digits(row.of)}.${extension}`;
}

interface ResultRow extends PlannedSample {
  readonly seconds: number;
  readonly output: string;
}

async function write(
  options: SealerOptions,
  row: ShardRow,
  path: string,
  totals: { tokens: number; seconds: number },
): Promise<WrittenShard> {
  const { fs, job, format } = options;
  const temporary = temporaryName(path);
  using writer = format.create({ fs, temporary, path, columns: job.columns });
  for (const page of pages(options.ledger, row)) {
    await writer.write(page.map((sample) => {
      const output = JSON.parse(sample.output);
      totals.tokens += options.job.stage.tokens(output);
      totals.seconds += sample.seconds;
      return options.job.row(sample, output, sample.seconds);
    }));
  }
  return await writer.finish();
}

function* pages(ledger: Ledger, shard: ShardRow): Generator<ResultRow[]> {
  let after = shard.first - 1;
  while (true) {
    const page = readPage(ledger, shard, after);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.idx;
  }
}

function readPage(ledger: Ledger, shard: ShardRow, after: number): ResultRow[] {
  const rows = ledger.iterate<ResultRow>(
    `SELECT sample.idx, id, text, speaker, language, origin, result.seconds, output
       FROM result JOIN sample USING (idx)
      WHERE result.idx > ? AND result.idx <= ? AND shard = ? ORDER BY result.idx LIMIT ${PAGE.rows}`,
    ...[after, shard.last, shard.shard],
  );
  const page: ResultRow[] = [];
  let characters = 0;
  for (const row of rows) {
    page.push(row);
    characters += row.output.length;
    if (characters >= PAGE.characters) break;
  }
  return page;
}

/**
 * A run of millions of samples, most of them done, written straight into its ledger.
 *
 * @module
 */
import { realFileSystem } from "../../lib/fs.ts";
import { storeIdentity } from "../../lib/run/identity.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { makeRunDirectory, runPaths } from "../../lib/run/run_directory.ts";
import { INDICES } from "../../lib/run/schema.ts";
import { manifestRun } from "./coordinator.ts";
import { writeManifest } from "./large_manifest.ts";

/** How large, and how far. */
export interface LargeRunOptions {
  readonly directory: string;
  /** Where its manifest is written. */
  readonly manifest: string;
  /** The file that every sample names. */
  readonly audio: string;
  /** A multiple of 100,000. */
  readonly samples: number;
  /** Samples without an outcome, a multiple of 100,000: all of validation, and the end of train. */
  readonly pending: number;
}

/** One sample in a hundred is in validation. */
const VALIDATION = 100;
const SHARD = 1000;
const SPLIT_DISTANCE = 1_000_000_000;
const DURATION = "1 + (i * 7919 % 9001) / 1000.0";

/** Writes manifest and ledger: all but the last samples are done and sealed, half a shard is not. */
export async function writeLargeRun(options: LargeRunOptions): Promise<void> {
  const { directory, manifest, audio, samples } = options;
  writeManifest(manifest, samples, audio);
  const { job, settings } = await manifestRun(manifest, directory);
  const paths = runPaths(directory);
  makeRunDirectory(realFileSystem, paths);
  Deno.writeTextFileSync(paths.config, "{}\n");
  using ledger = Ledger.create(paths.ledger);
  ledger.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF");
  const files = await job.source.fingerprint();
  storeIdentity(ledger, { settings, modelDigest: job.stage.modelDigest, files });
  writeSamples(ledger, options);
  writeShards(ledger, options);
  ledger.exec(INDICES);
  ledger.setMeta("planned_seconds", String(5.5 * samples));
  ledger.setMeta("planned", String(samples));
  ledger.exec("PRAGMA synchronous = NORMAL; PRAGMA journal_mode = WAL");
}

function writeSamples(ledger: Ledger, { audio, samples, pending }: LargeRunOptions): void {
  const { size, mtime } = Deno.statSync(audio);
  const trainDone = samples - pending;
  ledger.run(
    `WITH RECURSIVE line (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM line WHERE i + 1 < ?),
            place (i, split, position) AS (
              SELECT i, i % ${VALIDATION} = 0,
                     CASE i % ${VALIDATION} WHEN 0 THEN i / ${VALIDATION} ELSE i - i / ${VALIDATION} - 1 END
                FROM line)
     INSERT INTO sample
     SELECT i, printf('utterance_%08d', i), printf('manifest.jsonl:%d', i + 1), ?, NULL, 0,
            'Printing, in the only sense with which we are at present concerned',
            printf('speaker_%d', i % 1000), NULL, NULL, NULL, ${DURATION}, ?, ?,
            split, position, split * ${SPLIT_DISTANCE} + position / ${SHARD},
            CAST(50 * (${DURATION}) AS INTEGER) + 1, split = 0 AND position < ?
       FROM place`,
    ...[samples, audio, size, mtime?.getTime() ?? null, trainDone + SHARD / 2],
  );
  const codes = Array.from({ length: 4 }, () => Array.from({ length: 500 }, (_, i) => i));
  ledger.run(
    "INSERT INTO result SELECT idx, duration, ? FROM sample WHERE state = 1 AND position >= ?",
    ...[JSON.stringify({ codes, num_samples: 160_000 }), trainDone],
  );
}

function writeShards(ledger: Ledger, { samples, pending }: LargeRunOptions): void {
  ledger.run(
    `INSERT INTO shard
     SELECT shard, split, shard % ${SPLIT_DISTANCE}, COUNT(*), MIN(idx), MAX(idx), 0,
            NULL, NULL, NULL, NULL, NULL, NULL
       FROM sample GROUP BY shard`,
  );
  ledger.run(
    `UPDATE shard SET sealed = 1, path = printf('data/train-%05d.jsonl.gz', number), rows = planned,
            bytes = 2500 * planned, sha256 = '', tokens = 1100 * planned, seconds = 5.5 * planned
      WHERE shard < ?`,
    (samples - pending) / SHARD,
  );
}

/**
 * Parts of files that are in the cache whole, for machines without network.
 *
 * @module
 */
import { SpeechmillError } from "../../errors.ts";
import { openFileBuffer } from "../../parquet/file_buffer.ts";
import { type RepositoryCache, sizeOf } from "../cache.ts";
import { notHere } from "../cached_repository.ts";
import { describeSubject } from "../subject.ts";
import { type DatasetFile, subjectOf } from "./dataset_file.ts";
import type { RangeReader } from "./range_reader.ts";

/** Bytes that are held at a time. */
const PIECE_BYTES = 1 << 20;

/** Why the Hub is not asked, for messages. */
export const OFFLINE = "HF_HUB_OFFLINE forbids to ask the Hub";

/** Reads from the cache. */
export function cachedRanges(cache: RepositoryCache): RangeReader {
  return {
    async read(file, ranges, { take, signal }) {
      using buffer = openFileBuffer(await cachedPath(cache, file));
      for (const { start, end } of ranges) {
        for (let offset = start; offset < end; offset += PIECE_BYTES) {
          signal?.throwIfAborted();
          const piece = buffer.slice(offset, Math.min(end, offset + PIECE_BYTES));
          await take(new Uint8Array(piece), offset);
        }
      }
    },
  };
}

/**
 * Where a file lies in the cache.
 *
 * @throws {SpeechmillError} If it is not there whole; the message says how to get it.
 */
export async function cachedPath(cache: RepositoryCache, file: DatasetFile): Promise<string> {
  const path = cache.snapshotFile(file.commit, file.name);
  if (await sizeOf(path) === file.facts.size) return path;
  throw new SpeechmillError(
    `Cannot find ${describeSubject(subjectOf(file))} in the cache '${cache.folder}': ` +
      notHere(file.repository, OFFLINE, file.commit),
  );
}

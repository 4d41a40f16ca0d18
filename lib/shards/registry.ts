/**
 * The output formats, by their names in settings and by the ending of their files.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import { csv } from "./csv.ts";
import type { ShardFormat } from "./format.ts";
import { jsonlGz } from "./jsonl_gz.ts";
import type { FormatName } from "./names.ts";
import { npy } from "./npy.ts";
import { parquet } from "./parquet.ts";
import { tar } from "./tar.ts";

/** What of the settings decides how files are written. */
export interface FormatOptions {
  /** Level of gzip, 1 (fast) to 9 (small), for `jsonl.gz`. @default {6} */
  readonly gzipLevel?: number;
}

/** The output format of a name. */
export function shardFormat(name: FormatName, { gzipLevel }: FormatOptions = {}): ShardFormat {
  switch (name) {
    case "jsonl.gz":
      return jsonlGz(gzipLevel);
    case "parquet":
      return parquet();
    case "tar":
      return tar();
    case "csv":
      return csv();
    case "npy":
      return npy();
  }
}

const FORMATS: readonly ShardFormat[] = [jsonlGz(), parquet(), tar(), csv(), npy()];

/**
 * The format of a file.
 *
 * @throws {SpeechmillError} If its ending belongs to none.
 */
export function shardFormatOf(path: string): ShardFormat {
  const format = formatByEnding(path);
  if (format !== undefined) return format;
  throw new SpeechmillError(
    `Cannot read '${path}': its ending is not one of ${
      FORMATS.map(({ extension }) => `.${extension}`).join(", ")
    }`,
  );
}

/** The folder that belongs to a file; null if none does. */
export function shardFolder(path: string): string | null {
  return formatByEnding(path)?.folder?.(path) ?? null;
}

function formatByEnding(path: string): ShardFormat | undefined {
  return FORMATS.find(({ extension }) => path.endsWith(`.${extension}`));
}

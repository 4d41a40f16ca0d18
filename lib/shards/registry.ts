/**
 * The output formats, by the ending of their files.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import type { ShardFormat } from "./format.ts";
import { jsonlGz } from "./jsonl_gz.ts";

const FORMATS: readonly ShardFormat[] = [jsonlGz()];

/**
 * The format of a file.
 *
 * @throws {SpeechmillError} If its ending belongs to none.
 */
export function shardFormatOf(path: string): ShardFormat {
  const format = FORMATS.find(({ extension }) => path.endsWith(`.${extension}`));
  if (format !== undefined) return format;
  throw new SpeechmillError(
    `Cannot read '${path}': its ending is not one of ${
      FORMATS.map(({ extension }) => `.${extension}`).join(", ")
    }`,
  );
}

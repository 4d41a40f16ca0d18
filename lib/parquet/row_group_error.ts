/**
 * What a damaged row group is told by.
 *
 * @module
 */

import { SpeechmillError } from "../errors.ts";

/** A row group cannot be read: its pages are damaged. The others of the file may well be whole. */
export class RowGroupError extends SpeechmillError {
  override name = "RowGroupError";
}

/**
 * How much of the files that are uploaded was sent.
 *
 * @module
 */
import { FileContent } from "./file_content.ts";

/** Counts each part of a file once, however often it is sent. */
export class SentBytes {
  /** By the path of the file, the parts' bytes by where they begin. */
  readonly #parts = new Map<string, Map<number, number>>();
  /** Called when bytes of a file were sent, with the sum of its parts. */
  onSent: (path: string, bytes: number) => void = () => {};

  /** So many bytes of a body were taken; other bodies than files are left out. */
  taken(body: Blob, bytes: number): void {
    if (!(body instanceof FileContent)) return;
    const parts = this.#parts.get(body.path) ?? new Map<number, number>();
    this.#parts.set(body.path, parts.set(body.begin, bytes));
    this.onSent(body.path, parts.values().reduce((sum, part) => sum + part, 0));
  }
}

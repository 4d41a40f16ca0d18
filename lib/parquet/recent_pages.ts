/**
 * The decoded pages that were used last.
 *
 * @module
 */
import type { Page } from "./chunk_pages.ts";
import type { PageValues } from "./page_values.ts";

/**
 * Keeps pages up to a limit of bytes. One that is larger than that is kept beside them: what is
 * read with it, such as the names of files, would else make it be read again for each row.
 */
export class RecentPages {
  #limit: number;
  #pages = new Map<Page, PageValues>();
  #bytes = 0;

  /** @param limit Bytes of pages to keep. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of the pages that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The values of a page; `read` is called if they are not here. */
  get(page: Page, read: () => PageValues): PageValues {
    const known = this.#pages.get(page);
    if (known !== undefined) {
      this.#drop(page);
      this.#keep(page, known);
      return known;
    }
    // Room is made before: the old and the new together would take twice the memory.
    for (const oldest of this.#pages.keys()) {
      if (this.#hasRoom(page)) break;
      this.#drop(oldest);
    }
    const values = read();
    this.#keep(page, values);
    return values;
  }

  #hasRoom(page: Page): boolean {
    const sizes = [page, ...this.#pages.keys()].map(sizeOf);
    const largest = Math.max(...sizes);
    const bytes = this.#bytes + sizeOf(page);
    return (largest > this.#limit ? bytes - largest : bytes) <= this.#limit;
  }

  #keep(page: Page, values: PageValues): void {
    this.#pages.set(page, values);
    this.#bytes += sizeOf(page);
  }

  #drop(page: Page): void {
    this.#pages.delete(page);
    this.#bytes -= sizeOf(page);
  }
}

function sizeOf({ header }: Page): number {
  return header.uncompressed_page_size;
}

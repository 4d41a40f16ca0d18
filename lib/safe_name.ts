/**
 * File names for ids. An id is any text; a file name made from it never leaves its folder, is
 * valid on Linux, macOS and Windows, and no two ids share one, not even where case is ignored.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** Longest readable part, in UTF-8 bytes. With a hash and endings it stays below any limit. */
const MAX_BYTES = 120;
/** Digits of SHA-256 that follow the readable part where it is not the id itself. */
const HASH_DIGITS = 12;
/** Names of devices on Windows, whatever follows their first dot. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/**
 * The readable part of a file name: letters, digits, `.`, `_` and `-` of the id, the rest
 * replaced by `_`, cut to 120 bytes. It equals the id where that can be a file name as it is.
 */
export function slugOf(id: string): string {
  const plain = id.normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}._-]/gu, "_")
    // Hidden files, options of commands, and marks that would change the character before them.
    .replace(/^[.\-\p{M}]+/u, (start) => "_".repeat(start.length))
    .replace(/\.+$/, (end) => "_".repeat(end.length));
  const cut = cutBytes(plain, MAX_BYTES);
  if (cut === "") return "_";
  return DEVICE.test(cut) ? `_${cut}` : cut;
}

/** What names may hold. */
export interface FileNameOptions {
  /** Whether a dot of an id stays one. @default {true} */
  readonly dots?: boolean;
}

/** Gives each id its file name in one folder. */
export class FileNames {
  readonly #ending: string;
  readonly #dots: boolean;
  /** By the name as a file system sees it that ignores case. */
  readonly #owners = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** @param ending Of every file: `.wav`. */
  constructor(ending: string, { dots = true }: FileNameOptions = {}) {
    this.#ending = ending;
    this.#dots = dots;
  }

  /** Keeps a name that an id was given earlier. */
  adopt(name: string, id: string): void {
    this.#owners.set(folded(name), id);
    this.#names.set(id, name);
  }

  /**
   * The file name of an id: the id and the ending where that is possible and still free, else
   * its readable part and a hash. The same id always has the same name.
   */
  of(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    for (const stem of stems(id, this.#dots)) {
      const name = stem + this.#ending;
      if (this.#owners.has(folded(name))) continue;
      this.adopt(name, id);
      return name;
    }
    throw new RangeError(`Cannot name a file for the id '${id}': all its names are taken`);
  }
}

function* stems(id: string, dots: boolean): Generator<string> {
  const slug = dots ? slugOf(id) : slugOf(id).replaceAll(".", "_");
  if (slug === id) yield slug;
  const hash = createHash("sha256").update(id, "utf16le").digest("hex");
  for (let digits = HASH_DIGITS; digits <= hash.length; digits++) {
    yield `${slug}-${hash.slice(0, digits)}`;
  }
}

/** What two names have in common if a file system takes them for one. */
function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase().toUpperCase().normalize("NFKC");
}

function cutBytes(text: string, limit: number): string {
  let bytes = 0;
  let cut = "";
  for (const character of text) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > limit) return cut;
    cut += character;
  }
  return cut;
}

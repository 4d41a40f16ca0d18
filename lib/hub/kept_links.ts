/**
 * Where the Hub redirects to, kept for a while: its addresses are signed for about an hour, and who
 * reads thousands of parts of a file need not ask for one each time.
 *
 * @module
 */

/** An address that opens a file for whoever has it: it is never shown. */
export interface KeptLink {
  readonly url: URL;
  /** Headers of the redirect, which say what the file is. */
  readonly redirect: Headers;
}

interface Entry extends KeptLink {
  /** When the Hub gave it, in milliseconds. */
  readonly since: number;
  isProven: boolean;
}

const MAX_LINKS = 256;
const MAX_AGE = 10 * 60_000;

/** Links by what was asked for, in memory alone. */
export class KeptLinks {
  readonly #now: () => number;
  readonly #links = new Map<string, Entry>();
  /** Servers whose links are good for one request: keeping them costs more than it saves. */
  readonly #singleUse = new Set<string>();

  /** @param now Milliseconds. @default real time */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The link for a path; null where there is none, or it is minutes old. */
  get(path: string): KeptLink | null {
    const link = this.#links.get(path);
    if (link === undefined) return null;
    if (this.#now() - link.since < MAX_AGE) return link;
    this.#links.delete(path);
    return null;
  }

  /** Keeps a link that has led to the file; the oldest makes room. */
  keep(path: string, { url, redirect }: KeptLink): void {
    if (this.#singleUse.has(url.host)) return;
    this.#links.delete(path);
    this.#links.set(path, { url, redirect, since: this.#now(), isProven: false });
    const [oldest] = this.#links.keys();
    if (this.#links.size > MAX_LINKS && oldest !== undefined) this.#links.delete(oldest);
  }

  /** The link has led to the file once more. */
  prove(path: string): void {
    const link = this.#links.get(path);
    if (link !== undefined) link.isProven = true;
  }

  /** The file server does not take the link any more. */
  refused(path: string): void {
    const link = this.#links.get(path);
    if (link !== undefined && !link.isProven) this.#singleUse.add(link.url.host);
    this.#links.delete(path);
  }

  /** Something is wrong with what the link led to. */
  drop(path: string): void {
    this.#links.delete(path);
  }
}

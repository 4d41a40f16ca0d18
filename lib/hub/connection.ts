/**
 * What passes on a connection to the Hub, and what does not.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import { PassingError } from "./back_off.ts";

/** Redirects followed before they count as leading nowhere. */
export const MAX_REDIRECTS = 10;
/** Answers that send a client elsewhere. */
export const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/**
 * Where a redirect leads; null where that is nowhere on the web. `fetch` would read `file:` as well.
 *
 * @param url What was asked for: redirects may be relative to it.
 */
export function redirectTarget(location: string, url: URL): URL | null {
  const target = URL.canParse(location, url) ? new URL(location, url) : null;
  return target !== null && /^https?:$/.test(target.protocol) ? target : null;
}

/** Answers of a server that may give another one later. */
export const PASSING_STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504];
/** Silence, in milliseconds, after which a connection counts as broken. */
export const IDLE_MILLISECONDS = 60_000;

/**
 * What is thrown for an error of `fetch`, so that another attempt is made.
 *
 * Messages of `fetch` show whole addresses, and the query of a signed one opens the file.
 *
 * @returns The signal's reason where that is what ended the request.
 */
export function connectionError(
  error: unknown,
  { token, signal }: { readonly token: string | null; readonly signal?: AbortSignal | undefined },
): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof PassingError) return error;
  const message = scrub(messageOf(error).replace(/\?[^\s)'"]*/g, ""), token);
  return new PassingError(`the connection fails: ${message}`);
}

/** A text without the token, wherever it came from. */
export function scrub(text: string, token: string | null): string {
  return token === null ? text : text.replaceAll(token, "<token>");
}

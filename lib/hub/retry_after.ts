/**
 * How long a server asks to be left alone.
 *
 * @module
 */

/**
 * Milliseconds until the server wants to be asked again; null where it does not say.
 *
 * `Retry-After` holds seconds or an HTTP date (RFC 9110, section 10.2.3); a date is counted from
 * the server's own `Date`, since the clocks may differ. Without it, `RateLimit: "api";r=0;t=55`
 * says how many seconds are left of the window that the Hub counts requests in, where no request is
 * left in it: the Hub says that with every answer.
 *
 * @param now Milliseconds since 1970, for a server that sends no `Date`.
 */
export function retryAfter(headers: Headers, now: number): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (!Number.isNaN(until)) {
    const sent = Date.parse(headers.get("date") ?? "");
    return Math.max(0, until - (Number.isNaN(sent) ? now : sent));
  }
  const limit = headers.get("ratelimit") ?? "";
  const window = /;\s*r=0\b/.test(limit) ? /;\s*t=(\d+)/.exec(limit)?.[1] : undefined;
  return window === undefined ? null : Number(window) * 1000;
}

/**
 * Failures to send content, after which it can be sent in another way or by another link.
 *
 * @module
 */

/** A signed link does not take what it was made for: it has run out, or bytes were damaged. */
export class StoreRefusalError extends Error {
  override name = "StoreRefusalError";
}

/** Sending content by Xet failed before there was a commit. */
export class XetError extends Error {
  override name = "XetError";
}

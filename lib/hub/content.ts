/**
 * What the content of a file must be, and checking that it is.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";

/** Identity of a file's content. */
export interface ContentFacts {
  /** Name of its blob in the cache: the hash, or the server's own tag without quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
}

/** How a hash is computed from content. */
export type HashKind = "SHA-256" | "git SHA-1";

/**
 * What a tag hashes: 64 hexadecimal digits are the SHA-256 of an LFS file, 40 the name that git
 * gives to the content of a small one. Null for the tags of mirrors, which may mean anything.
 */
export function hashKindOf(etag: string): HashKind | null {
  if (/^[0-9a-f]{64}$/.test(etag)) return "SHA-256";
  if (/^[0-9a-f]{40}$/.test(etag)) return "git SHA-1";
  return null;
}

/** A hash to put all of the content into; null if the tag says nothing about it. */
export function contentHash({ etag, size }: ContentFacts): Hash | null {
  switch (hashKindOf(etag)) {
    case "SHA-256":
      return createHash("sha256");
    case "git SHA-1":
      // git hashes a header before the content.
      return createHash("sha1").update(`blob ${size}\0`);
    case null:
      return null;
  }
}

/**
 * What a request is about, in the words of messages.
 *
 * @module
 */
import type { RepositoryReference } from "./repository_id.ts";

/** A repository, and a file of it if the request is about one. */
export interface Subject {
  readonly repository: RepositoryReference;
  /** Branch, tag or commit. */
  readonly revision: string;
  readonly file?: string;
}

/** `'config.json' of 'org/name' at 'main'`. */
export function describeSubject({ repository, revision, file }: Subject): string {
  const place = `'${repository.id}' at '${revision}'`;
  return file === undefined ? place : `'${file}' of ${place}`;
}

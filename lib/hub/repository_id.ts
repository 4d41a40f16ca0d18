/**
 * Names of repositories, and what follows from them.
 *
 * @module
 */

/** What a repository holds. The Hub keeps each under its own addresses. */
export type RepositoryType = "model" | "dataset";

/** A repository by its name. */
export interface RepositoryReference {
  readonly type: RepositoryType;
  /** `org/name`. */
  readonly id: string;
}

const MAX_LENGTH = 96;
const PART = /^\w(?:[\w.-]*\w)?$/;

/**
 * Whether a string has the shape of a repository's id, `org/name`, as the Hub allows them: letters,
 * digits, `_`, `-` and `.`, none of the last two at an end of a part or doubled.
 */
export function isRepositoryId(reference: string): boolean {
  const parts = reference.split("/");
  return parts.length === 2 && reference.length <= MAX_LENGTH &&
    parts.every((part) => PART.test(part)) && !/--|\.\./.test(reference);
}

/** A repository and, where one is named, a commit, branch or tag of it. */
export interface RevisionReference {
  readonly id: string;
  readonly revision?: string;
}

/**
 * Reads `org/name` or `org/name@revision`.
 *
 * @returns Null where a string has neither shape.
 */
export function parseRepository(reference: string): RevisionReference | null {
  const at = reference.indexOf("@");
  if (at === -1) return isRepositoryId(reference) ? { id: reference } : null;
  const [id, revision] = [reference.slice(0, at), reference.slice(at + 1)];
  return isRepositoryId(id) && /^\w[\w./-]*$/.test(revision) ? { id, revision } : null;
}

/** Where the API describes repositories of this type: `api/models`. */
export function apiPath({ type, id }: RepositoryReference): string {
  return `api/${type}s/${id}`;
}

/** Where people and `resolve` find the repository: `org/name`, `datasets/org/name`. */
export function webPath({ type, id }: RepositoryReference): string {
  return type === "model" ? id : `${type}s/${id}`;
}

/** Where a file of a commit is downloaded, below the endpoint. */
export function filePath(repository: RepositoryReference, commit: string, name: string): string {
  const encoded = name.split("/").map(encodeURIComponent).join("/");
  return `${webPath(repository)}/resolve/${commit}/${encoded}`;
}

/** Name of the repository's folder in the cache: `models--org--name`. */
export function cacheFolderName({ type, id }: RepositoryReference): string {
  return [`${type}s`, ...id.split("/")].join("--");
}

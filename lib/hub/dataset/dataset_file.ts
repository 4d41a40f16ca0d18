/**
 * A file of a dataset, as its bytes are asked for.
 *
 * @module
 */
import type { ContentFacts } from "../content.ts";
import { filePath, type RepositoryReference } from "../repository_id.ts";
import type { Subject } from "../subject.ts";

/** A file of a repository at a commit. */
export interface DatasetFile {
  readonly repository: RepositoryReference;
  readonly commit: string;
  /** Its path in the repository. */
  readonly name: string;
  /** What its content is. */
  readonly facts: ContentFacts;
}

/** What requests for a file are about. */
export function subjectOf({ repository, commit, name }: DatasetFile): Subject {
  return { repository, revision: commit, file: name };
}

/** Where a file is downloaded, below the endpoint. */
export function downloadPath({ repository, commit, name }: DatasetFile): string {
  return filePath(repository, commit, name);
}

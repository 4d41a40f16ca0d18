/**
 * What to do when the Hub says no.
 *
 * @module
 */
import { SpeechmillError, UsageError } from "../errors.ts";
import { webPath } from "./repository_id.ts";
import { describeSubject, type Subject } from "./subject.ts";

/** The repository has no such branch, tag or commit. */
export class RevisionNotFoundError extends UsageError {}

/** The commit has no such file or folder. */
export class EntryNotFoundError extends UsageError {}

/** An answer that another attempt will not change. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly endpoint: string;
  /** Whether the request carried the user's token. */
  readonly withToken: boolean;
  readonly subject: Subject;
}

const LOG_IN = "run 'hf auth login' or set HF_TOKEN";

/** The error for a refusal. */
export function refusalError(refusal: Refusal): SpeechmillError {
  const begin = `Cannot get ${describeSubject(refusal.subject)} from '${refusal.endpoint}': `;
  switch (refusal.headers.get("x-error-code")) {
    case "GatedRepo":
      return new SpeechmillError(begin + gated(refusal));
    case "RepoNotFound":
      return new UsageError(begin + unknown(refusal));
    case "RevisionNotFound":
      return new RevisionNotFoundError(
        `${begin}there is no such branch, tag or commit; see '${address(refusal)}/tree/main'`,
      );
    case "EntryNotFound":
      return new EntryNotFoundError(
        `${begin}there is no such file; see '${address(refusal)}/tree/${refusal.subject.revision}'`,
      );
    case "DisabledRepo":
      return new SpeechmillError(`${begin}the Hub has disabled the repository`);
  }
  return byStatus(begin, refusal);
}

function byStatus(begin: string, refusal: Refusal): SpeechmillError {
  const { status, withToken, subject: { file } } = refusal;
  // Mirrors that give no code know no other files; no file has a name that the Hub refuses to read.
  if (file !== undefined && [400, 404, 414].includes(status)) {
    return new EntryNotFoundError(`${begin}there is no such file: the server answers ${status}`);
  }
  if (status === 404) return new UsageError(begin + unknown(refusal));
  if (status === 401) {
    return new SpeechmillError(
      begin + (withToken ? `it does not accept your token; ${LOG_IN}` : unknown(refusal)),
    );
  }
  if (status === 403) {
    return new SpeechmillError(
      `${begin}access is denied; see '${address(refusal)}', and ` +
        (withToken ? "check that your token may read it" : LOG_IN),
    );
  }
  return new SpeechmillError(`${begin}the server answers ${status}`);
}

function gated(refusal: Refusal): string {
  const accept = `its authors ask for your agreement: accept the terms at '${address(refusal)}'`;
  return refusal.withToken
    ? `${accept} with the account of your token, and check that the token may read gated ` +
      "repositories"
    : `${accept}, then ${LOG_IN}`;
}

function unknown({ withToken }: Refusal): string {
  return "there is no such repository, or it is private; check the spelling, and for a private " +
    `one ${withToken ? "that your token may read it" : LOG_IN}`;
}

function address({ endpoint, subject }: Refusal): string {
  return `${endpoint}/${webPath(subject.repository)}`;
}

/**
 * Errors of the disk, which are no defect of ours: what a user can do about them.
 *
 * @module
 */
import { messageOf } from "./errors.ts";

const KEPT = "What was done is kept";

/** Texts of Linux (`os error`, errno) and of SQLite. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/os error 28\)|ENOSPC|disk is full/, `${KEPT}: make room on the disk, then resume the run`],
  [
    /os error 122\)|EDQUOT/,
    `${KEPT}: your quota on this disk is used up; make room, then resume the run`,
  ],
  [
    /os error 30\)|EROFS|readonly database/,
    `${KEPT}: the disk cannot be written; mend that, then resume the run`,
  ],
  [
    /os error 5\)|\bEIO\b|disk I\/O error/,
    `${KEPT}: the disk does not answer; mend that, then resume the run`,
  ],
  [/os error 13\)|EACCES/, `${KEPT}: get the right to write there, or choose another --output`],
];

/** What to do about an error of the disk; null if it is another. */
export function diskAdvice(error: unknown): string | null {
  const message = messageOf(error);
  return ADVICE.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

/**
 * One thing that `doctor` looks at.
 *
 * @module
 */
import { messageOf } from "../errors.ts";

/** What was found. */
export interface Check {
  /** `audio decoder` */
  readonly name: string;
  /** `warning`: runs work, but not as well as they could. */
  readonly ok: "ok" | "warning" | "failed";
  readonly detail: string;
  /** How to mend it; null where nothing is wrong. */
  readonly fix: string | null;
}

/** What a look found, before it has its name. */
export type Finding = Omit<Check, "name">;

/** All is well. */
export function fine(detail: string): Finding {
  return { ok: "ok", detail, fix: null };
}

/** It works, but could work better. */
export function warning(detail: string, fix: string): Finding {
  return { ok: "warning", detail, fix };
}

/** It does not work. */
export function failed(detail: string, fix: string): Finding {
  return { ok: "failed", detail, fix };
}

/** Looks at one thing; whatever is thrown makes it a failed check with this fix. */
export async function look(
  name: string,
  fix: string,
  find: () => Finding | Promise<Finding>,
): Promise<Check> {
  try {
    return { name, ...await find() };
  } catch (error) {
    return { name, ...failed(messageOf(error), fix) };
  }
}

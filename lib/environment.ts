/**
 * Environment variables as a parameter, so that tests need not set those of the process.
 *
 * @module
 */

/** Looks a variable up: undefined where it is not set. */
export type Environment = (name: string) => string | undefined;

/** The variables of this process; one that it may not read counts as not set. */
export function processEnvironment(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

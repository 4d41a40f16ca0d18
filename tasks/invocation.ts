/**
 * How the user called this program, for the commands that it suggests.
 *
 * @module
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** What tells how the program was called. */
export interface Caller {
  env(name: string): string | undefined;
  /** URL of the program. */
  readonly mainModule: string;
  readonly cwd: string;
  readonly denoVersion: string;
}

/** `speechmill`; run as a task `deno task`, or `npx -y deno@2.9.6 task`. */
export function invocation(caller: Caller = thisProcess()): string {
  if (!isTask(caller)) return "speechmill";
  const isNpx = caller.env("npm_command") === "exec";
  return isNpx ? `npx -y deno@${caller.denoVersion} task` : "deno task";
}

/** `deno task` notes where it was called, and runs the program in the folder of `deno.json`. */
function isTask({ env, mainModule, cwd }: Caller): boolean {
  if (env("INIT_CWD") === undefined || !mainModule.startsWith("file:")) return false;
  return dirname(fileURLToPath(mainModule)) === cwd;
}

function thisProcess(): Caller {
  return {
    env: (name) => Deno.env.get(name),
    mainModule: Deno.mainModule,
    cwd: Deno.cwd(),
    denoVersion: Deno.version.deno,
  };
}

/** A word as a shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

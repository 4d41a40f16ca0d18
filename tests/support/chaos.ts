/**
 * Kills a run at random moments until it has died often enough, and compares what it publishes
 * with a run that was left alone.
 */
import { join } from "node:path";
import type { FormatName } from "../../lib/shards/names.ts";
import { type ChaosInput, writeChaosInput } from "./chaos_input.ts";
import { seededRandom } from "./random.ts";
import { publishedBytes } from "./run_once.ts";

/** What chaos is made of. */
export interface ChaosOptions {
  /** Times that something is killed. */
  readonly kills: number;
  readonly seed: number;
  /** An empty folder. */
  readonly directory: string;
  /** What the clips lie in. @default {"manifest"} */
  readonly input?: ChaosInput;
  /** What is written. @default {"jsonl.gz"} */
  readonly format?: FormatName;
  /** How many. @default {90} */
  readonly clips?: number;
  /** Called after every kill. */
  readonly onKill?: (kill: number, victim: string) => void;
}

/** What was killed how often, and in how many runs. */
export interface ChaosReport {
  readonly victims: Readonly<Record<Victim, number>>;
  readonly runs: number;
}

type Victim = "coordinator" | "worker" | "all";
const VICTIMS: readonly Victim[] = ["coordinator", "worker", "all"];

const MOD = new URL("../../mod.ts", import.meta.url).href;

/**
 * @throws {Error} If a run ends in another way than done, publishes other bytes than the quiet run,
 * or leaves scratch folders behind.
 */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const { directory, seed, format = "jsonl.gz", clips = 90 } = options;
  const random = seededRandom(seed);
  const scratch = join(directory, "tmp");
  Deno.mkdirSync(scratch);
  const input = writeChaosInput(directory, options.input ?? "manifest", clips);
  const runs: Runs = { input, format, scratch };
  const begin = performance.now();
  await finish(start(runs, join(directory, "quiet"), 2));
  let session = performance.now() - begin;
  const expected = JSON.stringify(publishedBytes(join(directory, "quiet")));

  const victims = { coordinator: 0, worker: 0, all: 0 };
  let kills = 0;
  let begun = 0;
  while (kills < options.kills) {
    const run = join(directory, `run-${begun++}`);
    const workers = 1 + Math.floor(random() * 3);
    let finished = false;
    while (!finished) {
      const begin = performance.now();
      const coordinator = start(runs, run, workers);
      const ended = finish(coordinator);
      // Once enough died, the last run is left alone to come to its end.
      while (kills < options.kills && !(await settledWithin(ended, random() * session))) {
        const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "all";
        if (!strike(coordinator.pid, victim, random)) continue;
        victims[victim]++;
        kills++;
        options.onKill?.(kills, victim);
        if (victim !== "worker") break;
      }
      finished = await ended;
      // Aims at the middle of what a session takes now; the machine is not always equally busy.
      if (finished) session = (session + performance.now() - begin) / 2;
    }
    if (JSON.stringify(publishedBytes(run)) !== expected) {
      throw new Error(
        `The run in '${run}' published other bytes than the quiet one (seed ${seed})`,
      );
    }
    Deno.removeSync(run, { recursive: true });
  }
  await checkScratch(runs, join(directory, "quiet"));
  return { victims, runs: begun };
}

/** What all runs have in common. */
interface Runs {
  readonly input: string;
  readonly format: FormatName;
  /** Where temporary files go. */
  readonly scratch: string;
}

function start(
  { input, format, scratch }: Runs,
  output: string,
  workers: number,
): Deno.ChildProcess {
  const flags = ["--devices", `cpu:${workers}`, "--shard-size", "10", "--val-ratio", "0.2"];
  const run = ["encode", "--input", input, "--output", output, "--format", format, ...flags];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MOD, ...run],
    env: { TMPDIR: scratch },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** The next start clears what killed ones could not: a run that is done already is such a start. */
async function checkScratch(runs: Runs, done: string): Promise<void> {
  await finish(start(runs, done, 1));
  const left = [...Deno.readDirSync(runs.scratch)].map(({ name }) => name);
  if (left.length > 0) throw new Error(`Killed runs left ${left.join(", ")} in '${runs.scratch}'`);
}

/** Whether it came to its end; false if it was killed. */
async function finish(coordinator: Deno.ChildProcess): Promise<boolean> {
  const { code, signal, stderr } = await coordinator.output();
  if (signal === "SIGKILL") return false;
  if (code === 0) return true;
  throw new Error(
    `The run ended with code ${code}, signal ${signal}: ${new TextDecoder().decode(stderr)}`,
  );
}

async function settledWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) =>
    timer = setTimeout(() => resolve(false), milliseconds)
  );
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Kills; false if there was nothing to kill. */
function strike(coordinator: number, victim: Victim, random: () => number): boolean {
  const workers = childrenOf(coordinator);
  const chosen = victim === "coordinator"
    ? [coordinator]
    : victim === "all"
    ? [coordinator, ...workers]
    : workers.slice(Math.floor(random() * workers.length)).slice(0, 1);
  return chosen.filter(kill).length > 0;
}

function childrenOf(pid: number): number[] {
  try {
    const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
    return children.split(" ").filter((child) => child.trim() !== "").map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

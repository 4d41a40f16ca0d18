/**
 * The ledger of a run at the start of a session: the one that is there, if it is this run's, or
 * a new one with a new plan.
 *
 * @module
 */
import { dirname } from "node:path";
import { RunConflictError } from "../errors.ts";
import { type FileSystem, pathExists, publishFile, realFileSystem } from "../fs.ts";
import type { RunEvent } from "./events.ts";
import { type Identity, identityDifferences, storeIdentity } from "./identity.ts";
import type { Job, Json } from "./job.ts";
import { Ledger } from "./ledger.ts";
import { isPlanned, type PlanOptions, planRun } from "./plan.ts";
import { isNetworkFileSystem, type RunPaths } from "./run_directory.ts";

/** What decides a plan, and where it lies. */
export interface OpenPlanOptions {
  readonly job: Job;
  readonly paths: RunPaths;
  readonly plan: Omit<PlanOptions, "lengthOf" | "onListed">;
  /** The settings that decide the data; another run directory belongs to others. */
  readonly settings: Identity["settings"];
  /** The whole config, kept for `resume`. */
  readonly config: Json;
  /** Aborted to stop planning; the ledger is then not planned. */
  readonly signal: AbortSignal;
  readonly fs: FileSystem;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Opens the ledger, and plans the run if that was not done.
 *
 * @throws {RunConflictError} If it was planned with something else.
 * @throws {UsageError} If the input cannot be planned.
 */
export async function openPlan(options: OpenPlanOptions): Promise<Ledger> {
  const { paths, job, settings } = options;
  const files = await job.source.fingerprint();
  const identity = { settings, modelDigest: job.stage.modelDigest, files };
  const networkFileSystem = isNetworkFileSystem(dirname(paths.ledger));
  const existing = openExisting(paths.ledger, networkFileSystem);
  if (existing === null) return await makePlan(options, identity, networkFileSystem);
  const differences = identityDifferences(existing, identity);
  if (differences.length === 0) return existing;
  existing[Symbol.dispose]();
  throw new RunConflictError(
    `Cannot go on with the run '${paths.directory}': it was planned with something else: ` +
      "undo the change, or choose another --output",
    differences,
  );
}

async function makePlan(
  options: OpenPlanOptions,
  identity: Identity,
  networkFileSystem: boolean,
): Promise<Ledger> {
  const { paths, job, fs, emit, signal } = options;
  const ledger = Ledger.create(paths.ledger, { networkFileSystem });
  try {
    const onListed = (listed: number) =>
      emit({ type: "planning", source: job.source.description, listed });
    onListed(0);
    storeIdentity(ledger, identity);
    // `resume` needs it, also when planning itself is interrupted.
    publishFile(fs, paths.config, `${JSON.stringify(options.config, null, 2)}\n`);
    const lengthOf = (seconds: number) => job.stage.lengthOf(seconds);
    await planRun(ledger, job.source, { ...options.plan, lengthOf, onListed, signal });
    return ledger;
  } catch (error) {
    ledger[Symbol.dispose]();
    throw error;
  }
}

function openExisting(path: string, networkFileSystem: boolean): Ledger | null {
  if (!pathExists(path)) return null;
  const ledger = Ledger.openIfMade(path, { networkFileSystem });
  if (ledger !== null && isPlanned(ledger)) return ledger;
  // Planning was interrupted: nothing depends on what it left.
  ledger?.[Symbol.dispose]();
  for (const suffix of ["", "-wal", "-shm", "-journal"]) realFileSystem.remove(path + suffix);
  return null;
}

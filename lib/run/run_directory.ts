/**
 * The folder of a run: its paths, its lock, and what keeps two runs apart.
 *
 * @module
 */
import { statfsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { RunConflictError, UsageError } from "../errors.ts";
import { type FileSystem, pathExists, temporaryName } from "../fs.ts";

/** The paths of a run. */
export interface RunPaths {
  readonly directory: string;
  readonly data: string;
  readonly manifest: string;
  readonly stats: string;
  readonly failed: string;
  readonly card: string;
  readonly config: string;
  readonly ledger: string;
  readonly events: string;
  readonly logs: string;
  readonly lock: string;
}

/** Where a run keeps what, given its folder and, if it lies elsewhere, its ledger. */
export function runPaths(
  directory: string,
  ledger: string | null = null,
): RunPaths {
  const root = resolve(directory);
  const inner = (name: string) => join(root, ".speechmill", name);
  return {
    directory: root,
    data: join(root, "data"),
    manifest: join(root, "manifest.json"),
    stats: join(root, "stats.json"),
    failed: join(root, "failed.jsonl"),
    card: join(root, "README.md"),
    config: inner("config.json"),
    ledger: ledger === null ? inner("ledger.db") : resolve(ledger),
    events: inner("events.jsonl"),
    logs: inner("logs"),
    lock: inner("lock"),
  };
}

/** Whether a run has been set up in this folder. */
export function isRun(directory: string): boolean {
  return pathExists(runPaths(directory).config);
}

/** @throws {UsageError} If there is no run in this folder. */
export function requireRun(directory: string): void {
  if (isRun(directory)) return;
  const what = pathExists(directory) ? "it holds no run" : "there is no such folder";
  throw new UsageError(
    `Cannot open the run '${directory}': ${what}: name the output folder of 'speechmill encode'`,
  );
}

/**
 * Makes the folders of a new run.
 *
 * @param extraFiles Names of what the job writes beside the manifest.
 * @throws {RunConflictError} If data of something else lies there: two runs never mix.
 */
export function makeRunDirectory(
  fs: FileSystem,
  paths: RunPaths,
  extraFiles: readonly string[] = [],
): void {
  checkRunDirectory(paths, extraFiles);
  for (const folder of [paths.data, paths.logs, dirname(paths.ledger)]) fs.makeDirectory(folder);
}

/**
 * Checks that a folder holds a run, or nothing that one would replace. Nothing is written.
 *
 * @param extraFiles As for `makeRunDirectory`.
 * @throws {RunConflictError} As `makeRunDirectory`.
 */
export function checkRunDirectory(paths: RunPaths, extraFiles: readonly string[] = []): void {
  if (isRun(paths.directory)) return;
  const extra = extraFiles.map((name) => join(paths.directory, name));
  const foreign = [...closingFiles(paths), ...extra].find(pathExists);
  if (foreign === undefined && !holdsFiles(paths.data)) return;
  const what = foreign === undefined
    ? "its 'data' folder already holds files of something else"
    : `it already holds a '${basename(foreign)}' of something else`;
  throw new RunConflictError(
    `Cannot start a run in '${paths.directory}': ${what}: choose another --output`,
  );
}

/** What a run writes beside its data. */
function closingFiles({ manifest, stats, failed, card }: RunPaths): string[] {
  return [manifest, stats, failed, card];
}

/**
 * Holds the run's lock until it is disposed of. The system lets go of it when the process dies,
 * however it dies.
 *
 * @throws {RunConflictError} If another process holds it.
 */
export function lockRun(paths: RunPaths): Disposable {
  const file = Deno.openSync(paths.lock, {
    read: true,
    write: true,
    create: true,
  });
  if (!tryLock(file)) {
    file.close();
    const owner = readText(paths.lock).trim();
    throw new RunConflictError(
      `Cannot use the run '${paths.directory}': another process works in it${
        owner === "" ? "" : ` (${owner})`
      }: wait for it, or stop it`,
    );
  }
  file.truncateSync();
  file.writeSync(
    new TextEncoder().encode(`process ${Deno.pid} on ${hostname()}\n`),
  );
  return { [Symbol.dispose]: () => file.close() };
}

/** `status` tries the lock too, for microseconds: that must not refuse a run. */
function tryLock(file: Deno.FsFile): boolean {
  for (let tries = 0; tries < 5; tries++) {
    if (file.tryLockSync(true)) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return false;
}

/** The folder of a shard in the making, or one that was about to be replaced. */
const TEMPORARY_FOLDER = /^(train|validation)-\d{5,}-of-\d{5,}(\.old)?\.tmp$/;

/** Removes what a killed session left half-written. Outside of `data` only its own few names. */
export function discardTemporaryFiles(fs: FileSystem, paths: RunPaths): void {
  for (const { name, isFile, isDirectory } of Deno.readDirSync(paths.data)) {
    const path = join(paths.data, name);
    if (isFile && name.endsWith(".tmp")) fs.remove(path);
    if (isDirectory && TEMPORARY_FOLDER.test(name)) fs.removeTree(path);
  }
  for (const path of [...closingFiles(paths), paths.config].map(temporaryName)) {
    if (pathExists(path)) fs.remove(path);
  }
}

/** Bytes free for us on the file system of this folder; null where that cannot be asked. */
export function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return Number(bavail) * Number(bsize);
  } catch {
    return null;
  }
}

/** File systems that other machines may share, by their magic numbers (statfs(2)). */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x00c36400, "Ceph"],
  [0x19830326, "BeeGFS"],
  [0x5346414f, "AFS"],
  [0x01021997, "9P"],
  [0x65735546, "FUSE"],
]);

/** The type of the file system that a folder lies on, as statfs(2) gives it. */
export type FileSystemType = (path: string) => number | bigint;

/** Whether a folder lies on a file system that other machines may share. */
export function isNetworkFileSystem(
  path: string,
  typeOf: FileSystemType = (path) => statfsSync(path).type,
): boolean {
  try {
    // Where the system has 32 bits for it, the highest one makes it negative.
    return NETWORK_FILE_SYSTEMS.has(Number(typeOf(path)) >>> 0);
  } catch {
    return false;
  }
}

function holdsFiles(folder: string): boolean {
  try {
    return [...Deno.readDirSync(folder)].length > 0;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

function hostname(): string {
  try {
    return Deno.hostname();
  } catch {
    return "this machine";
  }
}

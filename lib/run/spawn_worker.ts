/**
 * Starts worker subprocesses: this very program again, with a hidden command and few rights.
 *
 * @module
 */
import { join } from "node:path";
import type { Device } from "../devices.ts";
import { readLines } from "../protocol/lines.ts";
import {
  makeScratchFolder,
  removeOrphans,
  type ScratchFolder,
  scratchPlaces,
} from "./scratch_folder.ts";
import { WorkerLog } from "./worker_log.ts";
import type { WorkerExit, WorkerProcess, WorkerSpawner } from "./worker_process.ts";

/** How workers are started. */
export interface SpawnOptions {
  /** The run directory's folder for logs. */
  readonly logs: string;
  /** The program that has the hidden command. @default {mod.ts} */
  readonly program?: string;
  /**
   * Whether workers get a folder to write to: samples within other files need one.
   * @default {false}
   */
  readonly scratch?: boolean;
  /** Where those folders may lie, the best first. @default {scratchPlaces()} */
  readonly scratchPlaces?: readonly string[];
}

/** The hidden command of `mod.ts`. */
export const WORKER_COMMAND = "__worker";

const PROGRAM = new URL("../../mod.ts", import.meta.url).href;

/** What a worker may know of the environment: nothing that is a secret. */
const PASSED_ENVIRONMENT = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "TMPDIR",
  "TEMP",
  "SYSTEMROOT",
  "LANG",
  "DENO_DIR",
  "XDG_CACHE_HOME",
  "SPEECHMILL_CACHE",
  "NPM_CONFIG_REGISTRY",
  "DENO_NO_UPDATE_CHECK",
  "NO_COLOR",
  "LD_LIBRARY_PATH",
  "CUDA_VISIBLE_DEVICES",
  "CUDA_MODULE_LOADING",
  "NVIDIA_TF32_OVERRIDE",
  "VK_DRIVER_FILES",
];

/** Starts workers as subprocesses of Deno. */
export function denoSpawner(options: SpawnOptions): WorkerSpawner {
  const places = options.scratchPlaces ?? scratchPlaces();
  if (options.scratch) removeOrphans(places);
  return {
    spawn(name, device) {
      const scratch = options.scratch ? makeScratchFolder(places) : null;
      return new DenoWorkerProcess(name, device, { ...options, folder: scratch });
    },
  };
}

/**
 * Permissions of a worker: native libraries, the files it is told to read, no network, no
 * subprocess, nothing to write outside its own folder. Audio paths may lie anywhere, so reading is
 * not narrowed.
 */
function permissions(scratch: ScratchFolder | null): string[] {
  return [
    "--no-prompt",
    "--allow-ffi",
    "--allow-read",
    "--allow-env",
    "--deny-net",
    "--deny-run",
    scratch === null ? "--deny-write" : `--allow-write=${scratch.path}`,
  ];
}

class DenoWorkerProcess implements WorkerProcess {
  readonly pid: number;
  readonly lines: AsyncIterable<string[]>;
  readonly exited: Promise<WorkerExit>;
  #child: Deno.ChildProcess;
  #input: WritableStreamDefaultWriter<Uint8Array>;
  #log = new WorkerLog();

  constructor(
    name: string,
    device: Device,
    options: SpawnOptions & { readonly folder: ScratchFolder | null },
  ) {
    const { folder } = options;
    using unspawned = new DisposableStack();
    if (folder !== null) unspawned.use(folder);
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...permissions(folder), options.program ?? PROGRAM, WORKER_COMMAND],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      clearEnv: true,
      env: environment(device, folder),
    });
    this.#child = command.spawn();
    const spawned = unspawned.move();
    this.pid = this.#child.pid;
    this.#input = this.#child.stdin.getWriter();
    this.lines = readLines(this.#child.stdout);
    const log = this.#log.keep(this.#child.stderr, logPath(options.logs, name));
    this.exited = Promise.all([this.#child.status, log]).then(async ([{ code, signal }]) => {
      await this.#input.close().catch(() => {});
      spawned.dispose();
      return { code, signal };
    });
  }

  send(line: string): void {
    this.#input.write(new TextEncoder().encode(`${line}\n`)).catch(() => {
      // It is gone; its exit says so.
    });
  }

  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It is gone already.
    }
  }

  logTail(): string {
    return this.#log.tail;
  }
}

function environment(device: Device, scratch: ScratchFolder | null): Record<string, string> {
  const env: Record<string, string> = { ORT_DISABLE_TELEMETRY: "1" };
  for (const name of PASSED_ENVIRONMENT) {
    const value = Deno.env.get(name);
    if (value !== undefined) {
      env[name] = name === "NPM_CONFIG_REGISTRY" ? withoutSecret(value) : value;
    }
  }
  if (scratch !== null) env["TMPDIR"] = env["TEMP"] = env["TMP"] = scratch.path;
  // A worker sees its own device alone; a worker on the CPU sees none.
  if (device.cuda !== null) env["CUDA_VISIBLE_DEVICES"] = device.cuda;
  if (device.provider === "cpu") env["CUDA_VISIBLE_DEVICES"] = "";
  // The same tokens on every card: TF32 rounds differently.
  env["NVIDIA_TF32_OVERRIDE"] ??= "0";
  return env;
}

/** Packages are cached by the registry's host; its password is nobody's business. */
function withoutSecret(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = url.password = "";
  return url.href;
}

function logPath(folder: string, name: string): string {
  return join(folder, `${name.replace(/[^A-Za-z0-9-]/g, "-")}.log`);
}

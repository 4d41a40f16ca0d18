/**
 * What this machine has to run models on.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Machine } from "./devices.ts";
import { RUNTIME_ENTRY } from "./npm/runtime_location.ts";

/** What finding devices needs of the system; a parameter so that tests can be another machine. */
export interface MachineTools {
  readonly cores: number;
  /** Standard output of a command; null if there is no such command, or it fails. */
  run(command: string, args: readonly string[]): string | null;
  env(name: string): string | undefined;
  /** Whether a file exists. */
  exists(path: string): boolean;
  /** Folder of the runtime's native library; null if it is not known. */
  readonly runtimeFolder: string | null;
}

/** A driver that is broken answers late or never. */
const COMMAND_MILLISECONDS = 10_000;

/**
 * This machine, or the one that `tools` describe.
 *
 * CUDA devices are those of `CUDA_VISIBLE_DEVICES`, where it is set, as CUDA reads it; otherwise
 * those that `nvidia-smi` lists, by UUID, MIG slices in place of the card they divide.
 */
export function realMachine(tools: MachineTools = systemTools()): Machine {
  return {
    cores: tools.cores,
    cudaDevices() {
      const visible = tools.env("CUDA_VISIBLE_DEVICES");
      if (visible !== undefined) return visibleDevices(visible);
      return listedDevices(tools.run("nvidia-smi", ["-L"]) ?? "");
    },
    hasCudaProvider() {
      const { runtimeFolder } = tools;
      return runtimeFolder !== null &&
        CUDA_LIBRARIES.some((name) => tools.exists(`${runtimeFolder}/${name}`));
    },
  };
}

/** The runtime loads it from its own folder. */
const CUDA_LIBRARIES = [
  "libonnxruntime_providers_cuda.so",
  "onnxruntime_providers_cuda.dll",
];

/** This system. */
export function systemTools(): MachineTools {
  return {
    cores: navigator.hardwareConcurrency,
    run(command, args) {
      const options = { encoding: "utf8", timeout: COMMAND_MILLISECONDS } as const;
      const { status, stdout } = spawnSync(command, args, options);
      return status === 0 ? stdout : null;
    },
    env: (name) => Deno.env.get(name),
    exists(path) {
      try {
        return Deno.statSync(path).isFile;
      } catch {
        return false;
      }
    },
    runtimeFolder: findRuntime(),
  };
}

function findRuntime(): string | null {
  if (!RUNTIME_ENTRY.startsWith("file:")) return null;
  const platform = Deno.build.os === "windows" ? "win32" : Deno.build.os;
  const cpu = Deno.build.arch === "x86_64" ? "x64" : "arm64";
  return fileURLToPath(new URL(`../bin/napi-v6/${platform}/${cpu}`, RUNTIME_ENTRY));
}

/** CUDA stops reading at the first entry that names no device: `0,-1,1` is `0`. */
function visibleDevices(text: string): string[] {
  const entries = text.split(",").map((entry) => entry.trim());
  const end = entries.findIndex((entry) => !/^(\d+|GPU-.+|MIG-.+)$/.test(entry));
  return end < 0 ? entries : entries.slice(0, end);
}

/** Reads `nvidia-smi -L`: a line a card, indented below it a line a MIG slice. */
function listedDevices(text: string): string[] {
  const devices: string[] = [];
  let card: string | null = null;
  for (const line of text.split("\n")) {
    const uuid = /\(UUID: ((?:GPU|MIG)-[^)]+)\)/.exec(line)?.[1];
    if (uuid === undefined) continue;
    if (uuid.startsWith("GPU-")) card = uuid;
    // A divided card itself cannot be used.
    else if (devices.at(-1) === card) devices.pop();
    devices.push(uuid);
  }
  return devices;
}

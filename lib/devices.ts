/**
 * The devices a run uses, from `--devices`.
 *
 * @module
 */
import { UsageError } from "./errors.ts";

/** What one worker runs on. */
export interface Device {
  readonly provider: "cpu" | "cuda" | "webgpu";
  /** `CUDA_VISIBLE_DEVICES` of its worker: an index or a UUID; null for the others. */
  readonly cuda: string | null;
  /** Threads that read and decode for it. */
  readonly feeders: number;
}

/** What the machine has; a parameter so that tests can describe another machine. */
export interface Machine {
  readonly cores: number;
  /** CUDA devices as `nvidia-smi` lists them: UUIDs or indices; none if there is no such tool. */
  cudaDevices(): readonly string[];
  /** Whether the runtime's CUDA library is installed. */
  hasCudaProvider(): boolean;
}

/** Devices, and what the user should hear about the choice. */
export interface DeviceChoice {
  readonly devices: readonly Device[];
  readonly warning: string | null;
}

/**
 * Reads `auto`, `cpu`, `cpu:4`, `cuda`, `cuda:0,cuda:1` or `webgpu`.
 *
 * `auto` is every CUDA device, if there is one and the runtime can use it; else the CPU with one
 * single-threaded worker a core.
 *
 * @throws {UsageError} If the text is none of these.
 */
export function chooseDevices(text: string, machine: Machine): DeviceChoice {
  if (text === "auto") return automatic(machine);
  const devices = text.split(",").flatMap((part) => parseDevice(part.trim(), text, machine));
  const cuda = devices.flatMap((device) => device.cuda ?? []);
  const twice = cuda.find((id, i) => cuda.indexOf(id) !== i);
  if (twice !== undefined) {
    throw new UsageError(
      `Cannot use devices '${text}': cuda:${twice} is named twice`,
    );
  }
  return { devices: shareFeeders(devices, machine.cores), warning: null };
}

function automatic(machine: Machine): DeviceChoice {
  const cuda = machine.cudaDevices();
  if (cuda.length === 0) {
    return { devices: cpuDevices(machine.cores), warning: null };
  }
  if (machine.hasCudaProvider()) {
    const devices = cuda.map((id): Device => ({
      provider: "cuda",
      cuda: id,
      feeders: 1,
    }));
    return { devices: shareFeeders(devices, machine.cores), warning: null };
  }
  return {
    devices: cpuDevices(machine.cores),
    warning:
      `Found ${cuda.length} CUDA device(s), but the runtime's CUDA library is not installed: ` +
      "this run uses the CPU; 'speechmill doctor' says what is missing",
  };
}

function parseDevice(part: string, whole: string, machine: Machine): Device[] {
  const cpu = /^cpu(?::(\d+))?$/.exec(part);
  if (cpu !== null) {
    const workers = cpu[1] === undefined ? machine.cores : Number(cpu[1]);
    if (workers >= 1 && workers <= 1024) return cpuDevices(workers);
    throw new UsageError(
      `Cannot use devices '${whole}': '${part}' asks for ${workers} workers: use 1 to 1024`,
    );
  }
  if (part === "webgpu") {
    return [{ provider: "webgpu", cuda: null, feeders: 1 }];
  }
  if (part === "cuda") {
    const found = machine.cudaDevices();
    if (found.length > 0) return found.map((id) => ({ provider: "cuda", cuda: id, feeders: 1 }));
    throw new UsageError(`Cannot use devices '${whole}': this machine has no CUDA device`);
  }
  const cuda = /^cuda:(\d+|GPU-[0-9a-fA-F-]+|MIG-[0-9a-fA-F-]+)$/.exec(part);
  if (cuda?.[1] !== undefined) {
    return [{ provider: "cuda", cuda: cudaId(cuda[1], whole, machine), feeders: 1 }];
  }
  throw new UsageError(
    `Cannot use devices '${whole}': '${part}' is no device: use auto, cpu, cpu:4, cuda:0,cuda:1 or webgpu`,
  );
}

/**
 * What `CUDA_VISIBLE_DEVICES` must say for `cuda:1`: numbers count the devices that this process
 * may see, which on a shared machine are not the first ones.
 */
function cudaId(text: string, whole: string, machine: Machine): string {
  if (!/^\d+$/.test(text)) return text;
  const visible = machine.cudaDevices();
  // Without `nvidia-smi` there is no list to count in.
  if (visible.length === 0) return String(Number(text));
  const id = visible[Number(text)];
  if (id !== undefined) return id;
  const range = visible.length === 1 ? "cuda:0" : `cuda:0 to cuda:${visible.length - 1}`;
  throw new UsageError(`Cannot use devices '${whole}': there is no cuda:${text}: use ${range}`);
}

function cpuDevices(workers: number): Device[] {
  return Array.from(
    { length: workers },
    () => ({ provider: "cpu", cuda: null, feeders: 1 }),
  );
}

/** A GPU outruns a decoding core many times over, so its worker gets its share of the cores. */
function shareFeeders(devices: readonly Device[], cores: number): Device[] {
  const gpus = devices.filter((device) => device.provider !== "cpu").length;
  const feeders = Math.max(
    1,
    Math.min(16, Math.floor(cores / Math.max(1, gpus))),
  );
  return devices.map((device) => device.provider === "cpu" ? device : { ...device, feeders });
}

/** `cpu:0`, `cuda:1`: one name a worker. */
export function workerNames(devices: readonly Device[]): string[] {
  const counts = new Map<string, number>();
  return devices.map(({ provider, cuda }) => {
    if (cuda !== null) return `cuda:${cuda}`;
    const number = counts.get(provider) ?? 0;
    counts.set(provider, number + 1);
    return `${provider}:${number}`;
  });
}

/**
 * What `doctor` needs of the world; tests bring another world.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Codec } from "../../models/codec.ts";
import type { Machine } from "../devices.ts";
import { realMachine } from "../machine.ts";
import { freeBytes } from "../run/run_directory.ts";

/** Memory of the machine, in bytes. */
export interface Memory {
  readonly total: number;
  readonly available: number;
}

/** The world, as `doctor` sees it. */
export interface DoctorPorts {
  readonly denoVersion: string;
  readonly machine: Machine;
  memory(): Memory;
  /** Bytes free in the folder that runs are made in; null if that cannot be asked. */
  freeBytes(): number | null;
  /** Writes a file into the folder for temporary files, reads it back, removes it; its path. */
  tryTemporaryFile(): string;
  /** Loads the model runtime; the execution providers whose libraries came with it. */
  providers(): Promise<readonly string[]>;
  /** Loads the audio decoder; throws if it cannot. */
  loadDecoder(): Promise<void>;
  /** Paths of the speech that comes along; null where the program runs from a URL. */
  clips(): readonly string[] | null;
  /** Decodes a file; seconds of audio. */
  decode(path: string): Promise<number>;
  loadCodec(provider: "cpu" | "cuda"): Promise<Codec>;
}

const SPEECH = new URL("../../examples/speech/", import.meta.url);

/** This machine. */
export function realPorts(): DoctorPorts {
  return {
    denoVersion: Deno.version.deno,
    machine: realMachine(),
    memory: () => Deno.systemMemoryInfo(),
    freeBytes: () => freeBytes(Deno.cwd()),
    tryTemporaryFile,
    async providers() {
      const { loadRuntime } = await import("../../models/runtime.ts");
      const runtime = await loadRuntime();
      const backends = runtime.listSupportedBackends();
      return backends.filter(({ bundled }) => bundled).map(({ name }) => name);
    },
    async loadDecoder() {
      await import("../npm/node_av.ts");
    },
    clips: bundledClips,
    async decode(path) {
      const { decodeAudio } = await import("../audio/decode.ts");
      return decodeAudio(path).duration;
    },
    async loadCodec(provider) {
      const { loadCodec } = await import("../../models/registry.ts");
      return await loadCodec("bundled", { provider });
    },
  };
}

function bundledClips(): readonly string[] | null {
  if (SPEECH.protocol !== "file:") return null;
  const folder = fileURLToPath(SPEECH);
  return readdirSync(folder).filter((name) => name.endsWith(".flac")).sort()
    .map((name) => `${folder}${name}`);
}

function tryTemporaryFile(): string {
  const path = Deno.makeTempFileSync({ prefix: "speechmill-doctor-" });
  try {
    Deno.writeTextFileSync(path, "speechmill");
    if (Deno.readTextFileSync(path) !== "speechmill") {
      throw new Error(`Cannot read back what was written to '${path}'`);
    }
    return path;
  } finally {
    Deno.removeSync(path);
  }
}

/**
 * Versions, memory, disk.
 *
 * @module
 */
import { formatBytes } from "../terminal/format.ts";
import { DENO_VERSION, VERSION } from "../version.ts";
import { type Check, failed, fine, look, warning } from "./check.ts";
import type { DoctorPorts } from "./ports.ts";

/** A worker of the bundled codec takes about a quarter of this; larger codecs more. */
const LOW_MEMORY = 1e9;
/** A run does not start with less; see `lib/run/engine.ts`. */
const NO_SPACE = 64 * 1024 * 1024;
const LOW_SPACE = 1e9;

/** Checks the system under the program. */
export async function* systemChecks(ports: DoctorPorts): AsyncGenerator<Check> {
  yield { name: "speechmill", ...fine(VERSION) };
  yield await look("Deno", upgrade(), () => denoVersion(ports.denoVersion));
  yield await look("machine", "Give the process the right to read system information", () => {
    const { total, available } = ports.memory();
    const { os, arch } = Deno.build;
    const cores = `${ports.machine.cores} cores`;
    const memory = `${formatBytes(available)} of ${formatBytes(total)} memory available`;
    const detail = `${os} ${arch}, ${cores}, ${memory}`;
    return available >= LOW_MEMORY ? fine(detail) : warning(detail, "Close what needs much memory");
  });
  yield await look("disk", "Work in a folder that can be read", () => diskSpace(ports.freeBytes()));
  yield await look("temporary files", "Set TMPDIR to a folder that can be written", () => {
    ports.tryTemporaryFile();
    return fine("can be written");
  });
}

function denoVersion(version: string) {
  const detail = `${version} (V8 ${Deno.version.v8}, TypeScript ${Deno.version.typescript})`;
  if (version === DENO_VERSION) return fine(detail);
  return warning(`${detail}; speechmill is tested with ${DENO_VERSION}`, upgrade());
}

function upgrade(): string {
  return `Use that version: 'npx -y deno@${DENO_VERSION} task …' or 'deno upgrade ${DENO_VERSION}'`;
}

function diskSpace(free: number | null) {
  if (free === null) {
    return warning("cannot be asked for its free space", "Look at it with 'df'");
  }
  const detail = `${formatBytes(free)} free in the current folder`;
  const fix = "Make room, or write runs elsewhere with --output";
  if (free < NO_SPACE) return failed(detail, fix);
  return free < LOW_SPACE ? warning(detail, fix) : fine(detail);
}

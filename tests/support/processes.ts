/** Whether a process still runs. Linux alone. */
export function isAlive(pid: number): boolean {
  try {
    // A zombie is dead; nobody has asked for its status yet.
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

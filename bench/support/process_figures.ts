/**
 * What the kernel knows of a process (proc(5)).
 *
 * @module
 */

/** Clock ticks a second: 100 on every Linux. */
const TICKS = 100;

/** CPU time of this process and of its children that have ended. */
export interface CpuSeconds {
  readonly own: number;
  readonly children: number;
}

/** CPU time so far of this process, all threads together, in user and kernel mode. */
export function cpuSeconds(): CpuSeconds {
  const fields = statFields("self");
  return { own: seconds(fields, 14), children: seconds(fields, 16) };
}

/** CPU time so far of another process. */
export function cpuSecondsOf(pid: number): number {
  return seconds(statFields(String(pid)), 14);
}

/** The most memory that this process ever held, in bytes. */
export function peakMemory(): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync("/proc/self/status"));
  return Number(match?.[1]) * 1024;
}

/** The fields of proc_pid_stat(5) from the third on. */
function statFields(process: string): readonly number[] {
  const stat = Deno.readTextFileSync(`/proc/${process}/stat`);
  // The second, a name in parentheses, may hold spaces.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
}

/** The sum of two neighbouring fields, user and kernel mode; they are numbered from 1. */
function seconds(fields: readonly number[], first: number): number {
  return ((fields[first - 3] ?? 0) + (fields[first - 2] ?? 0)) / TICKS;
}

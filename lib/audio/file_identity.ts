/**
 * Whether an audio file is still the one that was planned.
 *
 * @module
 */

/** An audio file as the plan knows it. */
export interface PlannedFile {
  readonly audio: string;
  /** Bytes; null if it was not looked at. */
  readonly size: number | null;
  /** Milliseconds since 1970. */
  readonly mtime: number | null;
}

/**
 * What differs between an audio file and what was planned; null if nothing does, or if it was not
 * looked at: a file that is brought here when its samples are due.
 */
export function fileDifference(planned: PlannedFile): string | null {
  if (planned.size === null) return null;
  try {
    const { size, mtime } = Deno.statSync(planned.audio);
    if (size !== planned.size) {
      return `'${planned.audio}' had ${planned.size} bytes when it was planned, now ${size}`;
    }
    const now = mtime?.getTime() ?? null;
    if (now === planned.mtime || now === null || planned.mtime === null) return null;
    const [before, after] = [planned.mtime, now].map((time) => new Date(time).toISOString());
    return `'${planned.audio}' was written at ${before} when it was planned, now ${after}`;
  } catch {
    return `'${planned.audio}' is gone`;
  }
}

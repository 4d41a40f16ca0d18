/**
 * One process at a time, by the lock files that Python's `huggingface_hub` uses as well.
 *
 * @module
 */
import { dirname } from "node:path";
import { realClock } from "../clock.ts";
import type { Patience } from "./back_off.ts";

const PAUSE = 200;

/**
 * Waits until this process has the lock, which it keeps until it disposes of it. Null where the
 * file system knows no locks.
 *
 * @throws the signal's reason, if aborted.
 */
export async function lockFile(
  path: string,
  { signal = new AbortController().signal, wait }: Patience,
): Promise<Disposable | null> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const file = await Deno.open(path, { write: true, create: true });
  try {
    while (!await file.tryLock(true)) {
      await (wait === undefined ? realClock.sleep(PAUSE, signal) : wait(PAUSE));
      signal.throwIfAborted();
    }
    return file;
  } catch (error) {
    file.close();
    if (signal.aborted) throw error;
    return null;
  }
}

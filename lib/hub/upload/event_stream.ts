/**
 * Work that tells events by calls, as a stream of them.
 *
 * @module
 */
import { Channel } from "../../run/channel.ts";
import type { OnUploadEvent, UploadEvent } from "./events.ts";

/**
 * Yields what the work tells, then throws what it throws.
 *
 * @param work Given a signal that is aborted when nobody listens any more.
 */
export async function* eventStream(
  work: (emit: OnUploadEvent, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<UploadEvent> {
  const events = new Channel<UploadEvent>();
  const left = new AbortController();
  const result = work((event) => events.push(event), left.signal).finally(() => events.close());
  // Awaited below; until then a failure must not count as unhandled.
  result.catch(() => {});
  try {
    yield* events;
    await result;
  } finally {
    left.abort("nobody listens");
    await result.catch(() => {});
  }
}

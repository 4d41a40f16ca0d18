/**
 * Pauses before the Hub is asked again, told among what happens: a run that waits for it for half
 * an hour would look as if it stood still.
 *
 * @module
 */
import type { OnWait } from "../hub/back_off.ts";
import type { EncodeEvent } from "./events.ts";

type WaitingEvent = Extract<EncodeEvent, { readonly type: "waiting" }>;

/** Each reason is told once in so many milliseconds. */
const INTERVAL = 60_000;

/**
 * Yields what a run does, and the pauses that it makes meanwhile.
 *
 * @param run Given what to call before a pause, and a signal that is aborted when nobody listens
 *   any more: a run that waits does not hear of it otherwise.
 * @param now Milliseconds. @default real time
 */
export async function* tellWaits(
  run: (onWait: OnWait, left: AbortSignal) => AsyncGenerator<EncodeEvent>,
  now: () => number = Date.now,
): AsyncGenerator<EncodeEvent> {
  const told: WaitingEvent[] = [];
  let wake = () => {};
  const onWait = atIntervals(now, (wait) => {
    told.push({ type: "waiting", ...wait });
    wake();
  });
  const left = new AbortController();
  const events = run(onWait, left.signal);
  let next: Promise<IteratorResult<EncodeEvent, void>> | null = null;
  try {
    while (true) {
      const news = new Promise<null>((resolve) => wake = () => resolve(null));
      next ??= events.next();
      // Awaited below; until then a failure must not count as unhandled.
      next.catch(() => {});
      const result = told.length > 0 ? null : await Promise.race([next, news]);
      yield* told.splice(0);
      if (result === null) continue;
      next = null;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    left.abort("nobody listens");
    await events.return(undefined);
  }
}

function atIntervals(now: () => number, tell: OnWait): OnWait {
  const toldAt = new Map<string, number>();
  return (wait) => {
    // Positions in a file make no reasons of their own.
    const reason = wait.reason.replaceAll(/\bbyte \d+ of \d+/g, "");
    for (const [each, time] of toldAt) if (now() - time >= INTERVAL) toldAt.delete(each);
    if (toldAt.has(reason)) return;
    toldAt.set(reason, now());
    tell(wait);
  };
}

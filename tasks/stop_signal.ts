/**
 * Ctrl-C and SIGTERM.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import { EXIT } from "../lib/errors.ts";

/** Where signals come from, and what ends the process. */
export interface Signals {
  listen(onSignal: () => void): Disposable;
  /** Ends the process at once: the system lets go of the run's lock, and workers end as their
   * input does. */
  end(code: number): void;
}

/** Aborted at the first signal; the second one ends the process at once. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * A terminal sends one Ctrl-C to all processes, and `deno task` hands its own on: what comes so
 * soon after the first signal is that one again.
 */
const SAME_SIGNAL_MILLISECONDS = 500;

/**
 * Listens for the signals that ask a program to end.
 *
 * @param onStop Called at the first one.
 */
export function listenForStop(
  onStop: () => void,
  clock: Clock,
  signals: Signals = systemSignals,
): StopSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const listener = signals.listen(() => {
    if (controller.signal.aborted) {
      if (clock.now() - firstAt >= SAME_SIGNAL_MILLISECONDS) signals.end(EXIT.stopped);
      return;
    }
    firstAt = clock.now();
    controller.abort("asked to by a signal");
    onStop();
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => listener[Symbol.dispose](),
  };
}

const systemSignals: Signals = {
  listen(onSignal) {
    const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
      ? ["SIGINT"]
      : ["SIGINT", "SIGTERM"];
    for (const signal of signals) Deno.addSignalListener(signal, onSignal);
    return {
      [Symbol.dispose]() {
        for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
      },
    };
  },
  end: (code) => Deno.exit(code),
};

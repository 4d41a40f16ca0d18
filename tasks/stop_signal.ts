/**
 * Ctrl-C and SIGTERM.
 *
 * @module
 */
import { EXIT } from "../lib/errors.ts";

/** Aborted at the first signal; the second one ends the process at once. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Listens for the signals that ask a program to end.
 *
 * @param onStop Called at the first one.
 */
export function listenForStop(onStop: () => void): StopSignal {
  const controller = new AbortController();
  const onSignal = () => {
    // The system lets go of the run's lock, and workers end when their input does.
    if (controller.signal.aborted) Deno.exit(EXIT.stopped);
    controller.abort("asked to by a signal");
    onStop();
  };
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    },
  };
}

/**
 * Time as a parameter, so that tests of deadlines and back-off need not wait.
 *
 * @module
 */

/** What the engine needs of time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `tick` every so many milliseconds until the handle is disposed of. */
  every(milliseconds: number, tick: () => void): Disposable;
  /** Resolves after so many milliseconds, or at once when `signal` is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Real time. */
export const realClock: Clock = {
  now: () => Date.now(),
  every(milliseconds, tick) {
    const timer = setInterval(tick, milliseconds);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
  sleep(milliseconds, signal) {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      signal.addEventListener("abort", finish);
    });
  },
};

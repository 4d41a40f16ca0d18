/** A clock that runs a thousand times as fast as time. */
import { type Clock, realClock } from "../../lib/clock.ts";

const SPEED = 1000;

/** Deadlines of seconds pass in milliseconds; their order is that of real time. */
export function steppingClock(): Clock {
  const begin = Date.now();
  return {
    now: () => begin + (Date.now() - begin) * SPEED,
    every: (milliseconds, tick) => realClock.every(Math.max(1, milliseconds / SPEED), tick),
    sleep: (milliseconds, signal) => realClock.sleep(milliseconds / SPEED, signal),
  };
}

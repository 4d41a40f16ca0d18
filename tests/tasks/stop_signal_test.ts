import assert from "node:assert/strict";
import type { Clock } from "../../lib/clock.ts";
import { realClock } from "../../lib/clock.ts";
import { listenForStop } from "../../tasks/stop_signal.ts";

/** Signals sent by hand, and a clock that is set by hand. */
function openBench() {
  const bench = { now: 1_000, press: () => {}, stops: 0, codes: new Array<number>() };
  const clock: Clock = { ...realClock, now: () => bench.now };
  const stop = listenForStop(() => bench.stops++, clock, {
    listen(onSignal) {
      bench.press = onSignal;
      return { [Symbol.dispose]: () => bench.press = () => {} };
    },
    end: (code) => bench.codes.push(code),
  });
  return { bench, stop };
}

Deno.test("listenForStop() takes a signal that 'deno task' hands on for the Ctrl-C that it is", () => {
  const { bench, stop } = openBench();
  bench.press();
  bench.now += 30;
  bench.press();
  assert.ok(stop.signal.aborted);
  assert.deepEqual([bench.stops, bench.codes], [1, []]);
});

Deno.test("listenForStop() ends the process at a second signal", () => {
  const { bench } = openBench();
  bench.press();
  bench.now += 600;
  bench.press();
  assert.deepEqual([bench.stops, bench.codes], [1, [75]]);
});

Deno.test("listenForStop() hears nothing more once it is disposed of", () => {
  const { bench, stop } = openBench();
  stop[Symbol.dispose]();
  bench.press();
  assert.equal(bench.stops, 0);
});

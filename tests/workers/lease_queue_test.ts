import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { LeaseQueue } from "../../workers/lease_queue.ts";
import type { LeasedSample } from "../../workers/stage.ts";

/** A sample whose text is its region. */
function sampleOf(idx: number, region: string | null): LeasedSample {
  return {
    ...{ idx, id: `s${idx}`, audio: null, part: null, text: region, start: null, end: null },
    ...{ size: null, mtime: null, minSeconds: null, maxSeconds: null },
  };
}

function queueOf(regions: readonly (string | null)[]): LeaseQueue {
  const queue = new LeaseQueue(({ text }) => text);
  queue.add(regions.map((region, idx) => sampleOf(idx, region)));
  return queue;
}

Deno.test("LeaseQueue gives every sample once, whoever asks", () => {
  const regions = fc.array(fc.constantFrom(null, "a", "b", "c"), { maxLength: 30 });
  const feeders = fc.array(fc.nat(3), { maxLength: 40 });
  fc.assert(fc.property(regions, feeders, fc.boolean(), (regions, feeders, mayShare) => {
    const queue = queueOf(regions);
    const taken = feeders.map((feeder) => queue.take(feeder, mayShare)?.idx);
    const given = taken.filter((idx) => idx !== undefined);
    assert.equal(queue.size, regions.length - given.length);
    while (queue.size > 0) given.push(queue.take(0, true)?.idx ?? assert.fail("none is left"));
    assert.deepEqual(given.sort((a, b) => a - b), regions.map((_, idx) => idx));
    assert.equal(queue.take(0, true), null);
  }));
});

Deno.test("LeaseQueue keeps the order where nothing is read together, and for one feeder", () => {
  const order = (regions: readonly (string | null)[], feeders: number) => {
    const queue = queueOf(regions);
    return regions.map((_, i) => queue.take(i % feeders, false)?.idx);
  };
  assert.deepEqual(order([null, null, null, null], 3), [0, 1, 2, 3]);
  assert.deepEqual(order(["a", "a", "b", "b", "c"], 1), [0, 1, 2, 3, 4]);
});

Deno.test("LeaseQueue gives a region to one feeder, and to others only where they may share", () => {
  const queue = queueOf(["a", "a", "a", "b", "b"]);
  const take = (feeder: number, mayShare = false) => queue.take(feeder, mayShare)?.idx;
  assert.deepEqual([take(0), take(1), take(0), take(1)], [0, 3, 1, 4]);
  assert.equal(take(1), undefined);
  assert.equal(take(1, true), 2);
});

Deno.test("LeaseQueue knows who read a region when more of it is leased", () => {
  const queue = queueOf(["a", "b"]);
  assert.deepEqual([queue.take(0, false)?.idx, queue.take(1, false)?.idx], [0, 1]);
  queue.add([sampleOf(2, "b"), sampleOf(3, "a")]);
  assert.deepEqual([queue.take(0, true)?.idx, queue.take(1, true)?.idx], [3, 2]);
  queue.add([sampleOf(4, "a")]);
  queue.clear();
  assert.deepEqual([queue.size, queue.take(0, true)], [0, null]);
});

import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { leaseSizes } from "../../lib/run/lease_size.ts";

const situations = fc.record({
  audioRate: fc.double({ min: 0, max: 1e6, noNaN: true }),
  sampleRate: fc.double({ min: 0, max: 1e6, noNaN: true }),
  unleased: fc.integer({ min: 1, max: 10_000_000 }),
  held: fc.integer({ min: 0, max: 100_000 }),
  workers: fc.integer({ min: 1, max: 64 }),
});

Deno.test("leaseSizes() always lets a worker that holds nothing have something", () => {
  fc.assert(fc.property(situations, (situation) => {
    const { ahead, lease } = leaseSizes(situation);
    assert.ok(ahead.samples >= 1 && lease.samples >= 1 && ahead.seconds > 0 && lease.seconds > 0);
    assert.ok(lease.samples <= Math.max(1, ahead.samples) && lease.seconds <= ahead.seconds);
  }));
});

Deno.test("leaseSizes() never gives a worker more than its share of what is left", () => {
  fc.assert(fc.property(situations, (situation) => {
    const { ahead } = leaseSizes(situation);
    const { unleased, held, workers } = situation;
    assert.ok(ahead.samples <= Math.ceil((unleased + held) / workers));
  }));
});

Deno.test("leaseSizes() gives a fast worker more in hand than a slow one, within bounds", () => {
  const common = { unleased: 1_000_000, held: 0, workers: 2 };
  const sizes = [0, 1000, 1e9].map((rate) =>
    leaseSizes({ ...common, audioRate: rate, sampleRate: rate }).ahead
  );
  const [slow, fast, fastest] = sizes;
  assert.ok(slow !== undefined && fast !== undefined && fastest !== undefined);
  assert.ok(slow.samples < fast.samples && fast.samples < fastest.samples);
  assert.ok(slow.seconds < fast.seconds && fast.seconds < fastest.seconds);
  // A message must not take long to read, nor a dead worker cost much.
  assert.ok(fastest.samples <= 20_000 && fastest.seconds <= 50_000);
});

Deno.test("leaseSizes() divides the last samples more and more finely", () => {
  const common = { audioRate: 1e5, sampleRate: 1e4, held: 0, workers: 4 };
  const leases = [100_000, 1000, 100, 10, 1].map((unleased) =>
    leaseSizes({ ...common, unleased }).lease.samples
  );
  assert.deepEqual(leases, leases.toSorted((a, b) => b - a));
  assert.equal(leases.at(-1), 1);
  assert.ok((leases[2] ?? 0) <= 100 / 4);
});

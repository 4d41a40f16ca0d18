import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { MemoryGuard } from "../../workers/memory_guard.ts";

Deno.test("MemoryGuard finds a batch that fits, from any size and for any capacity", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 64 }),
    fc.integer({ min: 1, max: 64 }),
    (start, capacity) => {
      const guard = new MemoryGuard();
      let size = start;
      for (let tries = 0; size > capacity; tries++) {
        const next = guard.halve(size);
        assert.ok(next !== null && next < size && next >= 1 && tries < 7);
        size = next;
        assert.equal(guard.limit, size);
      }
      // What fits is at least half of what could.
      assert.ok(size > Math.min(start, capacity) / 2 - 1);
    },
  ));
});

Deno.test("MemoryGuard grows back step by step after twenty batches that held", () => {
  const guard = new MemoryGuard();
  guard.halve(64);
  guard.halve(32);
  for (let i = 0; i < 19; i++) guard.held(16);
  assert.equal(guard.limit, 16);
  guard.held(16);
  assert.equal(guard.limit, 32);
  // Batches below the limit prove nothing about it.
  for (let i = 0; i < 40; i++) guard.held(8);
  assert.equal(guard.limit, 32);
});

Deno.test("MemoryGuard begins to count anew when memory runs out again", () => {
  const guard = new MemoryGuard();
  guard.halve(8);
  for (let i = 0; i < 19; i++) guard.held(4);
  guard.halve(4);
  guard.held(2);
  assert.equal(guard.limit, 2);
});

Deno.test("MemoryGuard is not loosened by an older, larger batch that fails late", () => {
  const guard = new MemoryGuard();
  guard.halve(4);
  assert.equal(guard.halve(64), 2);
  assert.equal(guard.limit, 2);
});

Deno.test("MemoryGuard holds nothing against batches when one piece alone does not fit", () => {
  const guard = new MemoryGuard();
  assert.equal(guard.halve(1), null);
  assert.equal(guard.limit, Infinity);
});

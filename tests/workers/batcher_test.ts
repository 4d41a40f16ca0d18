import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { Batcher, pieceOf, type QueuedPiece, type Work } from "../../workers/batcher.ts";

function workOf(idx: number, lengths: readonly number[]): Work {
  const pieces = lengths.map((length) => ({ start: 0, length }));
  return {
    ...{ idx, seconds: 1, numSamples: 1, data: new Float32Array(1), prepareMilliseconds: 0 },
    ...{ runMilliseconds: 0, pieces, results: [], missing: pieces.length, abandoned: false },
  };
}

function nameOf({ work, number }: QueuedPiece): string {
  return `${work.idx}.${number}`;
}

Deno.test("Batcher gives every piece once, of one length at a time, never more than fits", () => {
  const works = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }));
  const sizes = {
    maxLength: fc.integer({ min: 1, max: 20 }),
    maxPieces: fc.integer({ min: 1, max: 6 }),
  };
  fc.assert(fc.property(works, fc.record(sizes), fc.array(fc.boolean()), (works, size, putBack) => {
    const batcher = new Batcher();
    works.forEach((lengths, idx) => batcher.add(workOf(idx, lengths)));
    const expected = works.flatMap((lengths, idx) =>
      lengths.map((_, number) => `${idx}.${number}`)
    );
    const taken: string[] = [];
    while (batcher.size > 0) {
      const batch = batcher.take(size.maxLength, size.maxPieces, true);
      const lengths = new Set(batch.map((piece) => pieceOf(piece).length));
      assert.equal(lengths.size, 1);
      const [length = 0] = lengths;
      assert.ok(batch.length <= size.maxPieces);
      assert.ok(batch.length === 1 || length * batch.length <= size.maxLength);
      if (putBack.shift()) batcher.putBack(batch);
      else taken.push(...batch.map(nameOf));
    }
    assert.deepEqual(taken.toSorted(), expected.toSorted());
    assert.equal(batcher.length, 0);
  }));
});

Deno.test("Batcher waits for a full batch unless a partial one is allowed", () => {
  const batcher = new Batcher();
  for (let idx = 0; idx < 3; idx++) batcher.add(workOf(idx, [10]));
  assert.deepEqual(batcher.take(40, Infinity, false), []);
  batcher.add(workOf(3, [10]));
  assert.equal(batcher.take(40, Infinity, false).length, 4);
});

Deno.test("Batcher takes the oldest first, and what was put back before all", () => {
  const batcher = new Batcher();
  for (let idx = 0; idx < 4; idx++) batcher.add(workOf(idx, [1]));
  const first = batcher.take(2, 2, true);
  assert.deepEqual(first.map(nameOf), ["0.0", "1.0"]);
  batcher.putBack(first);
  assert.deepEqual(batcher.take(3, 3, true).map(nameOf), ["0.0", "1.0", "2.0"]);
});

Deno.test("Batcher prefers a full batch, then the length with the most audio", () => {
  const batcher = new Batcher();
  batcher.add(workOf(0, [50]));
  batcher.add(workOf(1, [10, 10, 10]));
  batcher.add(workOf(2, [7, 7]));
  assert.deepEqual(batcher.take(30, 3, true).map(nameOf), ["0.0"]);
  assert.equal(batcher.take(30, 3, true).length, 3);
  assert.equal(batcher.take(30, 3, true).length, 2);
});

Deno.test("Batcher forgets every piece of a sample that is dropped, and no other", () => {
  const batcher = new Batcher();
  const dropped = workOf(0, [1, 2, 2]);
  batcher.add(dropped);
  batcher.add(workOf(1, [2]));
  batcher.drop(dropped);
  assert.deepEqual([batcher.size, batcher.length], [1, 2]);
  assert.deepEqual(batcher.take(9, 9, true).map(nameOf), ["1.0"]);
  assert.deepEqual(batcher.take(9, 9, true), []);
});

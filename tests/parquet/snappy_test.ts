import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "../../lib/npm/fast_check.ts";
import { snappyUncompress } from "../../lib/npm/hyparquet.ts";
import { openFileBuffer } from "../../lib/parquet/file_buffer.ts";
import { SnappyBytes } from "../../lib/parquet/plain_bytes.ts";
import { temporaryDirectory } from "../support/run_once.ts";

type Element =
  | { readonly kind: "literal"; readonly length: number }
  | { readonly kind: "copy"; readonly length: number; readonly offset: number };

const literal = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 200_000 }))
  .map((length): Element => ({ kind: "literal", length }));
const copy = fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 150_000 }))
  .map(([length, offset]): Element => ({ kind: "copy", length, offset }));
const elements = fc.array(fc.oneof(literal, copy), { minLength: 1, maxLength: 60 });

/** Writes a stream; offsets that reach too far back are made shorter. */
function compress(elements: readonly Element[]): { stream: number[]; length: number } {
  const stream: number[] = [];
  let length = 0;
  for (const element of elements) {
    if (element.kind === "literal") {
      stream.push(62 << 2, ...lowFirst(element.length - 1, 3));
      for (let i = 0; i < element.length; i++) stream.push((length + 31 * i) % 251);
    } else if (length > 0) {
      const offset = 1 + element.offset % length;
      // One of the three kinds of copies, as they fit.
      if (element.length >= 4 && element.length < 12 && offset < 2048) {
        stream.push(1 | element.length - 4 << 2 | offset >> 8 << 5, offset & 255);
      } else if (offset < 65_536) stream.push(2 | element.length - 1 << 2, ...lowFirst(offset, 2));
      else stream.push(3 | element.length - 1 << 2, ...lowFirst(offset, 4));
    } else continue;
    length += element.length;
  }
  return { stream: [...lowSevenFirst(length), ...stream], length };
}

function lowFirst(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => value >>> 8 * i & 255);
}

function lowSevenFirst(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...lowSevenFirst(value >>> 7)];
}

Deno.test("SnappyBytes reads any range, in any order, as hyparquet decompresses all", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/stream`;
  const ranges = fc.array(fc.tuple(fc.nat(1_000_000), fc.nat(300_000)), { maxLength: 6 });
  fc.assert(
    fc.property(elements, ranges, (elements, ranges) => {
      const { stream, length } = compress(elements);
      const expected = new Uint8Array(length);
      snappyUncompress(Uint8Array.from(stream), expected);
      Deno.writeFileSync(path, Uint8Array.from([7, 7, 7, ...stream]));
      using file = openFileBuffer(path);
      const bytes = new SnappyBytes(file, { offset: 3, size: stream.length, length });
      for (const [at, size] of ranges) {
        const start = at % (length + 1);
        const target = new Uint8Array(Math.min(size, length - start));
        bytes.read(file, start, target);
        assert.ok(Buffer.compare(target, expected.subarray(start, start + target.length)) === 0);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("SnappyBytes refuses streams of another length, and copies of what is not there", () => {
  using directory = temporaryDirectory();
  const path = `${directory.path}/stream`;
  const open = (stream: readonly number[], length: number) => () => {
    Deno.writeFileSync(path, Uint8Array.from(stream));
    using file = openFileBuffer(path);
    return new SnappyBytes(file, { offset: 0, size: stream.length, length });
  };
  const whole = [5, 1 << 2, 65, 66, 2 | 2 << 2, 2, 0];
  assert.equal(open(whole, 5)().length, 5);
  assert.throws(open(whole, 6), /its Snappy has another length/);
  assert.throws(open(whole.slice(0, -4), 5), /its Snappy has another length/);
  assert.throws(open([5, 1 << 2, 65, 66, 2 | 2 << 2, 3, 0], 5), /copies what is not there/);
  assert.throws(open([5, 1 << 2, 65, 66, 2 | 2 << 2, 0, 0], 5), /copies what is not there/);
});

import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { npyBytes, npyValues, tokenType } from "../../lib/shards/npy_array.ts";

Deno.test("npyBytes() writes what numpy.save writes", () => {
  // numpy.save(file, numpy.array([1, 1023, 0], dtype="<i2")), of NumPy 2.5.
  const header = "\x93NUMPY\x01\x00v\x00{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }";
  const expected = Uint8Array.from(
    `${header.padEnd(127)}\n\x01\x00\xff\x03\x00\x00`,
    (character) => character.charCodeAt(0),
  );
  assert.deepEqual(npyBytes([1, 1023, 0], "<i2"), expected);
});

Deno.test("npyValues() reads back any tokens of either type", () => {
  const types = [["<i2", 2 ** 15 - 1], ["<i4", 2 ** 31 - 1]] as const;
  for (const [type, maximum] of types) {
    const tokens = fc.array(fc.oneof(fc.nat({ max: maximum }), fc.constant(maximum)));
    fc.assert(fc.property(tokens, (values) => {
      assert.deepEqual(npyValues(npyBytes(values, type), type), values);
    }));
  }
});

Deno.test("tokenType() is the narrowest that holds the largest token", () => {
  const typeOf = (maximum?: number) =>
    tokenType({ name: "codes", type: "tokens", ...(maximum !== undefined && { maximum }) });
  assert.deepEqual([1023, 32_767, 32_768, undefined].map(typeOf), ["<i2", "<i2", "<i4", "<i4"]);
});

Deno.test("npyBytes() refuses a token that its type does not hold", () => {
  for (const token of [-1, 32_768, 1.5, NaN]) {
    assert.throws(() => npyBytes([0, token], "<i2"), /Cannot write the token .*from 0 to 32767/);
  }
});

Deno.test("npyValues() refuses another type, another shape and a file that is cut", () => {
  const bytes = npyBytes([1, 2, 3], "<i2");
  const refused = (array: Uint8Array) =>
    assert.throws(() => npyValues(array, "<i2"), /it is no array of <i2 of one dimension/);
  refused(npyBytes([1, 2, 3], "<i4"));
  refused(new Uint8Array([...bytes, 0, 0]));
  for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length));
});

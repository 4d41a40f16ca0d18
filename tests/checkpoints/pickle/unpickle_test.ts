import assert from "node:assert/strict";
import fc from "../../../lib/npm/fast_check.ts";
import { CheckpointFault } from "../../../lib/checkpoints/fault.ts";
import { OPERATIONS } from "../../../lib/checkpoints/pickle/opcodes.ts";
import { unpickle } from "../../../lib/checkpoints/pickle/unpickle.ts";
import { takeApart } from "../../../lib/checkpoints/state_dict.ts";
import {
  dict,
  global,
  integer,
  operations,
  pickle,
  tensor,
  text,
  tuple,
} from "../../support/pickle_writer.ts";

/** Reads bytes; whatever they are, the only error is the one for damaged files. */
function readOrRefuse(bytes: Uint8Array): void {
  try {
    takeApart(unpickle(bytes, 0).value);
  } catch (error) {
    assert.ok(error instanceof CheckpointFault, String(error));
  }
}

Deno.test("unpickle() refuses or reads any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readOrRefuse), { numRuns: 2000 });
});

Deno.test("unpickle() refuses or reads any row of its own operations", () => {
  const known = fc.constantFrom(...OPERATIONS.keys()).map((code) => Uint8Array.of(code));
  const part = fc.oneof(
    { weight: 3, arbitrary: known },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3 }) },
    fc.constantFrom(
      text("state_dict"),
      dict([[text("a"), integer(1)]]),
      tensor({ type: "FloatStorage", key: "0", elements: 4 }, 0, [4], [1]),
      global("collections", "OrderedDict"),
      global("torch._utils", "_rebuild_tensor_v2"),
      operations("q", 0),
      operations("h", 0),
    ),
  );
  const programs = fc.array(part, { maxLength: 40 }).map((parts) => pickle(...parts));
  fc.assert(fc.property(programs, readOrRefuse), { numRuns: 5000 });
});

Deno.test("unpickle() reads integers of any length, numbers where they are exact", () => {
  const longs: readonly (readonly [number[], number | bigint])[] = [
    [[], 0],
    [[0xff], -1],
    [[0, 1], 256],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f], 2 ** 53 - 1],
    [[0, 0, 0, 0, 0, 0, 0x20], 2n ** 53n],
  ];
  for (const [bytes, expected] of longs) {
    assert.equal(unpickle(pickle(operations(0x8a, bytes.length, ...bytes)), 0).value, expected);
  }
});

const REFUSED: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["an operation that is not known", pickle("i"), /at byte 2: 0x69 is no operation of torch\.save/],
  ["a newer protocol", operations(0x80, 6, "N."), /it claims protocol 6, and 5 is the newest/],
  ["no value", pickle(), /at byte 2: there is no value to take/],
  ["a value from before a mark", pickle("N(", "."), /there is no value to take/],
  ["a memo that is empty", pickle("h\x07"), /nothing was memoized as 7/],
  ["a text longer than the pickle", pickle("X\xff\xff\xff\x7f"), /breaks off at byte/],
  ["a call of a tuple", pickle("))R"), /it calls what is no function/],
  ["a call of a storage class", pickle(global("torch", "FloatStorage"), ")R"), /no function/],
  [
    "a tensor without a storage",
    pickle(global("torch._utils", "_rebuild_tensor_v2"), ")R"),
    /the arguments do not fit 'torch\._utils\._rebuild_tensor_v2'/,
  ],
  ["a storage by another name", pickle(tuple(text("module")), "Q"), /no storage of numbers/],
  ["attributes of a list", pickle("]}b"), /there is no dict to add to/],
  ["a key without a value", pickle("}(Nu"), /a key has no value/],
  [
    "a storage of two lengths",
    pickle(
      tensor({ type: "FloatStorage", key: "0", elements: 4 }, 0, [1], [1]),
      tensor({ type: "FloatStorage", key: "0", elements: 5 }, 0, [1], [1]),
    ),
    /storage '0' has two types or lengths/,
  ],
  [
    "a name that would move the cursor",
    pickle(global("a\x1b[2J", "b")),
    /it holds a 'a\?\[2J\.b' object/,
  ],
];

for (const [name, bytes, message] of REFUSED) {
  Deno.test(`unpickle() refuses ${name}`, () => {
    assert.throws(() => unpickle(bytes, 0), (error) => {
      assert.ok(error instanceof CheckpointFault);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("unpickle() refuses more operations than a checkpoint has", () => {
  const bytes = new Uint8Array(5_000_000).fill("N".charCodeAt(0));
  assert.throws(() => unpickle(bytes, 0), /has more than 4000000 operations/);
});

const VIEW = tensor({ type: "FloatStorage", key: "0", elements: 4 }, 0, [4], [1]);

Deno.test("takeApart() refuses a state dict that contains itself", () => {
  const bytes = pickle("}q", operations(0), text("a"), "h", operations(0), "s");
  assert.throws(() => takeApart(unpickle(bytes, 0).value), /the dict at 'a' stands twice/);
});

Deno.test("takeApart() refuses metadata that contains itself", () => {
  const bytes = pickle("}", text("loop"), "]q", operations(0), "h", operations(0), "as");
  assert.throws(() => takeApart(unpickle(bytes, 0).value), /contain themselves/);
});

Deno.test("takeApart() converts lists that double again and again once each", () => {
  let list = operations("]");
  for (let depth = 0; depth < 40; depth++) list = operations(list, "q", depth, "h", depth, 0x86);
  const { metadata } = takeApart(unpickle(pickle(dict([[text("bomb"), list]])), 0).value);
  assert.ok(Array.isArray(metadata["bomb"]));
});

Deno.test("takeApart() refuses two tensors of one name", () => {
  const bytes = pickle(dict([[text("a.b"), VIEW], [text("a"), dict([[text("b"), VIEW]])]]));
  assert.throws(() => takeApart(unpickle(bytes, 0).value), /it holds two tensors 'a\.b'/);
});

Deno.test("takeApart() leaves out what has no plain form beside the state dict", () => {
  const optimiser = dict([[integer(0), VIEW], [text("rate"), integer(3)]]);
  const bytes = pickle(dict([
    [text("state_dict"), dict([[text("a"), VIEW]])],
    [text("optimiser"), optimiser],
    [text("__proto__"), integer(5)],
  ]));
  const { tensors, metadata } = takeApart(unpickle(bytes, 0).value);
  assert.deepEqual([...tensors.keys()], ["a"]);
  assert.deepEqual(Object.entries(metadata), [["optimiser", { rate: 3 }], ["__proto__", 5]]);
});

Deno.test("takeApart() refuses what is no dict", () => {
  for (const bytes of [pickle("N"), pickle("]"), pickle(VIEW), pickle(text("a"))]) {
    assert.throws(() => takeApart(unpickle(bytes, 0).value), /it holds no dict of tensors/);
  }
  const keyed = pickle(dict([[tuple(), VIEW]]));
  assert.throws(() => takeApart(unpickle(keyed, 0).value), /neither text nor number/);
});

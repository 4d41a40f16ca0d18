import assert from "node:assert/strict";
import { columnsOf } from "../../lib/arrow/batch.ts";
import { ArrowFault } from "../../lib/arrow/flatbuffer.ts";
import { type ArrowBytes, readMessages } from "../../lib/arrow/messages.ts";
import type { ArrowField } from "../../lib/arrow/schema.ts";
import { readRanges, readValues } from "../../lib/arrow/values.ts";
import {
  Binary,
  Bool,
  Float64,
  Int32,
  Int64,
  Table,
  tableToIPC,
  Uint8,
  Utf8,
  vectorFromArray,
} from "../../lib/npm/apache_arrow.ts";
import fc from "../../lib/npm/fast_check.ts";

function inMemory(bytes: Uint8Array): ArrowBytes {
  return {
    size: bytes.length,
    read(offset, length) {
      if (offset + length <= bytes.length) return bytes.slice(offset, offset + length);
      throw new ArrowFault("it is cut");
    },
  };
}

/** All values of a file by column; of bytes, what is where they are said to be. */
function valuesIn(file: Uint8Array): Map<string, unknown[]> {
  const bytes = inMemory(file);
  const values = new Map<string, unknown[]>();
  let fields: readonly ArrowField[] = [];
  for (const message of readMessages(bytes)) {
    if (message.kind === "schema") fields = message.schema.fields;
    if (message.kind !== "batch") continue;
    for (const [name, column] of columnsOf(fields, message.batch)) {
      const list = values.get(name) ?? [];
      values.set(name, list);
      const isBytes = column.field.type.kind === "bytes";
      const rangeOf = isBytes ? readRanges(column, bytes) : null;
      const valueOf = isBytes ? null : readValues(column, bytes);
      for (let row = 0; row < message.batch.rows; row++) {
        const range = rangeOf?.(row) ?? null;
        list.push(
          range === null
            ? valueOf?.(row) ?? null
            : file.slice(range.offset, range.offset + range.size),
        );
      }
    }
  }
  return values;
}

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const row = fc.record({
  text: orNull(fc.string({ unit: "grapheme" })),
  bytes: orNull(fc.uint8Array({ maxLength: 20 })),
  int32: orNull(fc.integer()),
  int64: orNull(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
  uint8: orNull(fc.nat(255)),
  float64: orNull(fc.double({ noNaN: true })),
  bool: orNull(fc.boolean()),
});

/** As the reader gives it: a number where a double holds it. */
function narrowed(value: bigint | null): unknown {
  return value !== null && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

Deno.test("readMessages() leads to the values that another writer wrote", () => {
  fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
    const table = new Table({
      text: vectorFromArray(rows.map(({ text }) => text), new Utf8()),
      bytes: vectorFromArray(rows.map(({ bytes }) => bytes), new Binary()),
      int32: vectorFromArray(rows.map(({ int32 }) => int32), new Int32()),
      int64: vectorFromArray(rows.map(({ int64 }) => int64), new Int64()),
      uint8: vectorFromArray(rows.map(({ uint8 }) => uint8), new Uint8()),
      float64: vectorFromArray(rows.map(({ float64 }) => float64), new Float64()),
      bool: vectorFromArray(rows.map(({ bool }) => bool), new Bool()),
    });
    const values = valuesIn(tableToIPC(table, "stream"));
    for (const name of ["text", "bytes", "int32", "uint8", "float64", "bool"] as const) {
      assert.deepEqual(values.get(name), rows.map((one) => one[name]), name);
    }
    assert.deepEqual(values.get("int64"), rows.map(({ int64 }) => narrowed(int64)));
  }));
});

const SMALL = tableToIPC(
  new Table({
    text: vectorFromArray(["one", "zwei", null], new Utf8()),
    bytes: vectorFromArray([new Uint8Array([1, 2]), null, new Uint8Array([3])], new Binary()),
  }),
  "stream",
);

Deno.test("readMessages() says that a file is cut, wherever it is", () => {
  for (let length = 0; length < SMALL.length; length++) {
    assert.throws(() => valuesIn(SMALL.slice(0, length)), ArrowFault, `${length} bytes`);
  }
});

Deno.test("readMessages() takes no changed byte for anything but values or damage", () => {
  const expected = valuesIn(SMALL);
  for (let at = 0; at < SMALL.length; at++) {
    for (const change of [0x01, 0x80, 0xff]) {
      const changed = SMALL.slice();
      changed[at] = (changed[at] ?? 0) ^ change;
      try {
        const rows = valuesIn(changed).get("text")?.length ?? 0;
        assert.ok(rows <= 1000, `byte ${at}`);
      } catch (error) {
        assert.ok(error instanceof ArrowFault, `byte ${at}: ${error}`);
      }
    }
  }
  assert.deepEqual(valuesIn(SMALL), expected);
});

Deno.test("readMessages() reads files from before messages began with a mark", () => {
  const old: Uint8Array[] = [];
  const view = new DataView(SMALL.buffer, SMALL.byteOffset, SMALL.byteLength);
  let position = 0;
  // The same messages without the four bytes of the mark; what is in them counts from their own end.
  for (const message of [...readMessages(inMemory(SMALL)), null]) {
    const length = view.getInt32(position + 4, true);
    const body = message?.kind === "batch" ? SMALL.length - 8 - position - 8 - length : 0;
    old.push(SMALL.slice(position + 4, position + 8 + length + body));
    position += 8 + length + body;
  }
  const joined = new Uint8Array(old.flatMap((part) => [...part]));
  assert.equal(joined.length, SMALL.length - 12);
  assert.deepEqual(valuesIn(joined), valuesIn(SMALL));
});

/** A schema of one column: a struct of two structs, of two each… that all share their parts. */
function sharedParts(depth: number): Uint8Array {
  const metadata = new DataView(new ArrayBuffer(88 + 24 * depth));
  const uint16 = (at: number, values: readonly number[]) =>
    values.forEach((value, index) => metadata.setUint16(at + 2 * index, value, true));
  const uint32 = (at: number, values: readonly number[]) =>
    values.forEach((value, index) => metadata.setUint32(at + 4 * index, value, true));
  // Where the fields of a message, a schema and a column are in their tables.
  uint16(4, [10, 12, 0, 4, 8]);
  uint16(16, [8, 8, 0, 4]);
  uint16(24, [16, 12, 0, 0, 4, 0, 0, 8]);
  uint32(0, [44]);
  uint32(44, [40, 1, 4]);
  uint32(56, [40, 4, 1, 4]);
  for (let at = 72; at < 72 + 24 * depth; at += 24) uint32(at, [at - 24, 13, 4, 2, 8, 4]);
  const last = 72 + 24 * depth;
  // Its list of parts is the zero behind it.
  uint32(last, [last - 24, 13]);
  const bytes = new Uint8Array(16 + metadata.byteLength);
  new DataView(bytes.buffer).setInt32(0, -1, true);
  new DataView(bytes.buffer).setInt32(4, metadata.byteLength, true);
  bytes.set(new Uint8Array(metadata.buffer), 8);
  new DataView(bytes.buffer).setInt32(8 + metadata.byteLength, -1, true);
  return bytes;
}

Deno.test("readMessages() reads no schema of more parts than memory holds", () => {
  const [small] = readMessages(inMemory(sharedParts(2)));
  assert.ok(small?.kind === "schema");
  const count = (fields: readonly ArrowField[]): number =>
    fields.reduce((sum, { children }) => sum + 1 + count(children), 0);
  assert.equal(count(small.schema.fields), 1 + 2 + 4);
  assert.throws(
    () => [...readMessages(inMemory(sharedParts(40)))],
    new ArrowFault("its schema has more than 100000 parts"),
  );
});

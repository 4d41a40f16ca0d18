/**
 * The columns of an Arrow file and how their values are stored.
 * Format: https://arrow.apache.org/docs/format/Columnar.html and `Schema.fbs`
 *
 * @module
 */
import { ArrowFault, type FlatTable } from "./flatbuffer.ts";

/** How values are stored. */
export type ArrowType =
  | { readonly kind: "int"; readonly bits: number; readonly isSigned: boolean }
  | { readonly kind: "float"; readonly bits: number }
  | { readonly kind: "bool" }
  /** Large ones have offsets of 64 bits. */
  | { readonly kind: "text" | "bytes" | "list"; readonly isLarge: boolean }
  | { readonly kind: "struct" }
  /** Stored in a way that is not read here. */
  | { readonly kind: "other"; readonly name: string };

/** A column, or a part of one. */
export interface ArrowField {
  readonly name: string;
  readonly type: ArrowType;
  /** Buffers of its own in a batch. */
  readonly buffers: number;
  /** Whether a batch tells how many more buffers it has. */
  readonly hasMoreBuffers: boolean;
  /** Parts that follow it in a batch. */
  readonly children: readonly ArrowField[];
}

/** What a file begins with. */
export interface ArrowSchema {
  readonly fields: readonly ArrowField[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Numbers of `Type` in `Schema.fbs`: name, and buffers in a batch. */
const OTHERS: ReadonlyMap<number, readonly [name: string, buffers: number]> = new Map([
  [1, ["null", 0]],
  [7, ["decimal", 2]],
  [8, ["date", 2]],
  [9, ["time", 2]],
  [10, ["timestamp", 2]],
  [11, ["interval", 2]],
  [15, ["bytes of a fixed length", 2]],
  [16, ["list of a fixed length", 1]],
  [17, ["map", 2]],
  [18, ["duration", 2]],
  [22, ["runs", 0]],
  [23, ["view of bytes", 2]],
  [24, ["view of text", 2]],
  [25, ["view of a list", 3]],
  [26, ["view of a list", 3]],
]);
const UNION = 14;
const VIEWS: readonly number[] = [23, 24];
const INT_BITS = [8, 16, 32, 64];
const FLOAT_BITS = [16, 32, 64];

/** Far more than any dataset has. Parts may be shared, so that a small file describes 2^40. */
const MOST_PARTS = 100_000;

/** Counts what is read of a schema. */
interface Budget {
  left: number;
}

/**
 * Reads a schema.
 *
 * @throws {ArrowFault} If it has columns of an unknown kind or too many, or is in big-endian order.
 */
export function readSchema(table: FlatTable): ArrowSchema {
  if (table.int16(0) !== 0) throw new ArrowFault("its numbers are in big-endian order");
  const budget = { left: MOST_PARTS };
  const metadata = Array.from(
    takeFrom(budget, table.tables(2)),
    (pair) => [pair.text(0) ?? "", pair.text(1) ?? ""] as const,
  );
  return { fields: readFields(table.tables(1), budget), metadata: new Map(metadata) };
}

function readFields(tables: Iterable<FlatTable>, budget: Budget): readonly ArrowField[] {
  return Array.from(takeFrom(budget, tables), (table) => readField(table, budget));
}

function* takeFrom(budget: Budget, tables: Iterable<FlatTable>): Generator<FlatTable, void, void> {
  for (const table of tables) {
    budget.left -= 1;
    if (budget.left < 0) throw new ArrowFault(`its schema has more than ${MOST_PARTS} parts`);
    yield table;
  }
}

function readField(table: FlatTable, budget: Budget): ArrowField {
  const name = table.text(0) ?? "";
  const number = table.int8(2);
  const own = { name, hasMoreBuffers: VIEWS.includes(number) };
  if (table.table(4) !== null) {
    // A batch has the numbers of the values alone; the values are in messages of their own.
    const type = { kind: "other", name: "dictionary" } as const;
    return { ...own, hasMoreBuffers: false, type, buffers: 2, children: [] };
  }
  const { type, buffers } = readType(number, table.table(3), name);
  return { ...own, type, buffers, children: readFields(table.tables(5), budget) };
}

function readType(
  number: number,
  table: FlatTable | null,
  name: string,
): Pick<ArrowField, "type" | "buffers"> {
  switch (number) {
    case 2: {
      const [bits, isSigned] = [table?.int32(0) ?? 0, table?.int8(1) === 1];
      if (!INT_BITS.includes(bits)) {
        throw new ArrowFault(`column '${name}' has ${bits}-bit numbers`);
      }
      return { type: { kind: "int", bits, isSigned }, buffers: 2 };
    }
    case 3:
      return { type: { kind: "float", bits: FLOAT_BITS[table?.int16(0) ?? 0] ?? 0 }, buffers: 2 };
    case 4:
    case 19:
      return { type: { kind: "bytes", isLarge: number === 19 }, buffers: 3 };
    case 5:
    case 20:
      return { type: { kind: "text", isLarge: number === 20 }, buffers: 3 };
    case 6:
      return { type: { kind: "bool" }, buffers: 2 };
    case 12:
    case 21:
      return { type: { kind: "list", isLarge: number === 21 }, buffers: 2 };
    case 13:
      return { type: { kind: "struct" }, buffers: 1 };
    case UNION:
      return { type: { kind: "other", name: "union" }, buffers: 1 + (table?.int16(0) ?? 0) };
  }
  const [typeName, buffers] = OTHERS.get(number) ?? [];
  if (typeName === undefined || buffers === undefined) {
    throw new ArrowFault(`column '${name}' is of an unknown type (${number})`);
  }
  return { type: { kind: "other", name: typeName }, buffers };
}

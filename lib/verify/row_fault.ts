/**
 * Whether one row is what its columns and the codec say.
 *
 * @module
 */
import { type Codes, validLength, wholeFramesLength } from "../../models/codec.ts";
import { messageOf } from "../errors.ts";
import type { RawRow } from "../reading/encoded_row.ts";
import type { RunModel } from "../reading/manifest.ts";
import type { RowLayout } from "../reading/row_layout.ts";
import type { Column, ColumnType } from "../shards/column.ts";

/** What is wrong with a row, a clause; null if nothing is. */
export type RowCheck = (row: RawRow) => string | null;

/** Makes the check for the rows of one run. */
export function rowCheck(layout: RowLayout, model: RunModel): RowCheck {
  // As JSON gives keys back: such that look like numbers come first.
  const keys = Object.keys(Object.fromEntries(layout.columns.map(({ name }) => [name, null])));
  return (row) =>
    columnFault(keys, row) ?? typeFault(layout.columns, row) ?? scalarFault(model, row) ??
      tokensFault(layout, row) ?? lengthsFault(layout, row);
}

function columnFault(keys: readonly string[], row: RawRow): string | null {
  const found = typeof row === "object" && row !== null ? Object.keys(row) : [];
  if (found.length === keys.length && found.every((name, i) => name === keys[i])) return null;
  const missing = keys.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !keys.includes(name));
  if (missing.length > 0) return `it has no column ${quoted(missing)}`;
  if (extra.length > 0) return `it has a column ${quoted(extra)} that the manifest does not name`;
  return "its columns are in another order than in the manifest";
}

const IS: { readonly [Type in ColumnType]: (value: unknown) => boolean } = {
  string: (value) => value === null || typeof value === "string",
  int64: (value) => value === null || Number.isInteger(value),
  float64: (value) => value === null || typeof value === "number",
  bool: (value) => value === null || typeof value === "boolean",
  tokens: (value) => Array.isArray(value),
};

function typeFault(columns: readonly Column[], row: RawRow): string | null {
  const bad = columns.find(({ name, type }) => !IS[type](row[name]));
  return bad === undefined ? null : `its ${bad.name} is ${show(row[bad.name])}`;
}

function scalarFault(model: RunModel, row: RawRow): string | null {
  if (typeof row["id"] !== "string") return `its id is ${show(row["id"])}`;
  for (const [name, least] of [["index", 0], ["num_samples", 1], ["duration", 0]] as const) {
    const value = row[name];
    if (value === undefined || (typeof value === "number" && value >= least)) continue;
    return `its ${name} is ${show(value)}`;
  }
  return row["sample_rate"] === model.sample_rate
    ? null
    : `its sample_rate is ${show(row["sample_rate"])}, the codec takes ${model.sample_rate} Hz`;
}

/** What is wrong with the tokens: their ids, their order, or their number. */
function tokensFault({ layout, tokens, codec }: RowLayout, row: RawRow): string | null {
  // Each was found to be a list.
  const lists = tokens.map((name) => row[name] as readonly unknown[]);
  for (const [i, list] of lists.entries()) {
    const bad = list.findIndex((token) => !isToken(token, layout.base, layout.maximum));
    if (bad === -1) continue;
    return `token ${bad + 1} of its ${tokens[i]} is ${show(list[bad])}, ids are ` +
      `${layout.base} to ${layout.maximum}`;
  }
  let codes: Codes;
  try {
    codes = layout.restore(lists as readonly (readonly number[])[]);
  } catch (error) {
    return `its tokens are wrong: ${messageOf(error)}`;
  }
  const samples = Number(row["num_samples"]);
  const lengthOf = layout.wholeFrames ? wholeFramesLength : validLength;
  for (const [i, layer] of codes.entries()) {
    const due = lengthOf(codec, i, samples);
    if (layer.length === due || (!layout.isLossless && layer.length < due)) continue;
    const where = layout.isFlat ? `layer ${i + 1}` : tokens[i];
    return `its ${where} has ${layer.length} codes where ${samples} samples make ${due}`;
  }
  return null;
}

/** What is wrong with the columns that count codes. */
function lengthsFault({ codec }: RowLayout, row: RawRow): string | null {
  const samples = Number(row["num_samples"]);
  const due = codec.hopLengths.map((_, i) => validLength(codec, i, samples));
  if (row["encoded_len"] !== due.at(-1)) {
    return `its encoded_len is ${show(row["encoded_len"])}, its last layer has ${due.at(-1)} codes`;
  }
  const counts = { "num_layers": due.length, "token_lengths": due };
  const wrong = Object.entries(counts)
    .find(([name, count]) =>
      row[name] !== undefined && JSON.stringify(row[name]) !== JSON.stringify(count)
    );
  return wrong === undefined
    ? null
    : `its ${wrong[0]} is ${show(row[wrong[0]])}, not ${show(wrong[1])}`;
}

function isToken(value: unknown, first: number, last: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= first && value <= last;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

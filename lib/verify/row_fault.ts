/**
 * Whether one row is what its columns and the codec say.
 *
 * @module
 */
import type { RawRow, RowLayout } from "../reading/encoded_row.ts";
import { type CodecSpec, validLength } from "../../models/codec.ts";
import type { RunModel } from "../reading/manifest.ts";

/** What is wrong with a row, a clause; null if nothing is. */
export type RowCheck = (row: RawRow) => string | null;

/** Makes the check for the rows of one run. */
export function rowCheck(layout: RowLayout, model: RunModel): RowCheck {
  // As JSON gives keys back: such that look like numbers come first.
  const keys = Object.keys(Object.fromEntries(layout.columns.map((name) => [name, null])));
  return (row) =>
    columnFault(keys, row) ?? scalarFault(layout, model, row) ?? codesFault(layout, model, row);
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

function scalarFault(layout: RowLayout, model: RunModel, row: RawRow): string | null {
  if (typeof row["id"] !== "string") return `its id is ${show(row["id"])}`;
  for (const name of ["text", "speaker", "language"]) {
    if (row[name] !== null && typeof row[name] !== "string") {
      return `its ${name} is ${show(row[name])}`;
    }
  }
  if (!isCount(row["num_samples"]) || row["num_samples"] < 1) {
    return `its num_samples is ${show(row["num_samples"])}`;
  }
  if (row["sample_rate"] !== model.sample_rate) {
    return `its sample_rate is ${
      show(row["sample_rate"])
    }, the codec takes ${model.sample_rate} Hz`;
  }
  const duration = row["duration"];
  if (typeof duration !== "number" || duration < 0) return `its duration is ${show(duration)}`;
  const nested = layout.constants.find((name) =>
    typeof row[name] === "object" && row[name] !== null
  );
  return nested === undefined ? null : `its ${nested} is ${show(row[nested])}`;
}

function codesFault(layout: RowLayout, model: RunModel, row: RawRow): string | null {
  const samples = Number(row["num_samples"]);
  const lengths = lengthsOf(model);
  for (const [i, name] of layout.layers.entries()) {
    const codes = row[name];
    if (!Array.isArray(codes)) return `its ${name} is ${show(codes)}`;
    const due = validLength(lengths, i, samples);
    if (codes.length !== due) {
      return `its ${name} has ${codes.length} codes where ${samples} samples make ${due}`;
    }
    const bad = codes.findIndex((code) => !isCount(code) || code >= model.codebook_size);
    if (bad !== -1) {
      return `code ${bad + 1} of its ${name} is ${
        show(codes[bad])
      }, the codebook has ${model.codebook_size} entries`;
    }
  }
  const last = row[layout.layers.at(-1) ?? ""];
  const length = Array.isArray(last) ? last.length : 0;
  return row["encoded_len"] === length
    ? null
    : `its encoded_len is ${show(row["encoded_len"])}, its last layer has ${length} codes`;
}

/** What tells how many codes a clip has. */
function lengthsOf(
  { codec, hop_lengths: hopLengths, chunking }: RunModel,
): Pick<CodecSpec, "id" | "hopLengths" | "chunking"> {
  const facts = { id: codec, hopLengths };
  if (chunking === undefined) return facts;
  const { whole_samples: wholeSamples, ...lengths } = chunking;
  return { ...facts, chunking: { wholeSamples, ...lengths } };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

/**
 * The columns of an encode run and what stands in them.
 *
 * @module
 */
import { type CodecSpec, validLength } from "../../models/codec.ts";
import { UsageError } from "../errors.ts";
import { LARGEST_TOKEN } from "../layouts/code_check.ts";
import { hasOneRate } from "../layouts/frame.ts";
import type { Layout } from "../layouts/layout.ts";
import type { Column, ColumnType } from "../shards/column.ts";
import type { Constants } from "./constants.ts";

/** A column, with what it holds in words. */
export interface DescribedColumn extends Column {
  /** Markdown. */
  readonly meaning: string;
}

/** What decides the columns. */
export interface ColumnOptions {
  readonly spec: CodecSpec;
  readonly layout: Layout;
  readonly constants: Constants;
  /** Whether the first column is the row's place in the plan. */
  readonly withIndex: boolean;
}

/** Fields of a sample that a constant of the same name takes the place of. */
const REPLACED = ["speaker", "language"];

/** The columns of the tokens, in the order of the layout's lists. */
export function tokenColumns(
  spec: Pick<CodecSpec, "name" | "hopLengths">,
  layout: Layout,
): string[] {
  return layout.isFlat ? ["tokens"] : spec.hopLengths.map((_, i) => `${spec.name}_layer_${i + 1}`);
}

/**
 * Every column in its order.
 *
 * @throws {UsageError} If a constant has the name of another column.
 */
export function columnsOf(options: ColumnOptions): DescribedColumn[] {
  const { spec, layout, constants, withIndex } = options;
  const own = [
    ...(withIndex ? [column("index", "int64", "the row's place in the plan, from 0")] : []),
    column("id", "string", "unique in the run; as the source gives it"),
    column("text", "string", "as the source gives it; null where it does not"),
    ...tokens(spec, layout),
    ...(hasOneRate(spec) ? [] : layerLengths(spec)),
    column("encoded_len", "int64", `codes of the last layer${ofWholeClip(layout)}`),
    column("num_samples", "int64", "length of the audio at the codec's rate, in samples"),
    column("sample_rate", "int64", "Hz; the codec's rate"),
    column("duration", "float64", "seconds of audio in the source"),
    ...REPLACED.map((name) =>
      column(name, "string", "as the source gives it; null where it does not")
    ),
  ];
  const constant = new Map(constants.columns.map((column) => [column.name, column]));
  const taken = own.find(({ name }) => constant.has(name) && !REPLACED.includes(name));
  if (taken !== undefined) {
    throw new UsageError(
      `Cannot add the constant '${taken.name}': every row has a column of this name: ` +
        "choose another name",
    );
  }
  const described = (column: Column): DescribedColumn => ({
    ...column,
    meaning: constants.valuesOf(column.name).map((value) => JSON.stringify(value)).join(", "),
  });
  return [
    ...own.map((column) => {
      const replacing = constant.get(column.name);
      return replacing === undefined ? column : described(replacing);
    }),
    ...constants.columns.filter(({ name }) => !REPLACED.includes(name)).map(described),
  ];
}

/** Codes of each layer that stand for real audio. */
export function layerLengthsOf(spec: CodecSpec, numSamples: number): number[] {
  return spec.hopLengths.map((_, layer) => validLength(spec, layer, numSamples));
}

function column(name: string, type: ColumnType, meaning: string): DescribedColumn {
  return { name, type, meaning };
}

function tokens(spec: CodecSpec, layout: Layout): DescribedColumn[] {
  const names = tokenColumns(spec, layout);
  const rates = spec.hopLengths.map((hop) => Number((spec.sampleRate / hop).toFixed(3)));
  const what = (i: number) =>
    layout.name === "layers" && layout.base === 0
      ? `codes of layer ${i + 1}, ${rates[i]} a second, of real audio only`
      : layout.isFlat
      ? `tokens in the layout \`${layout.name}\`; \`vocabulary.json\` tells what each id means`
      : `layer ${i + 1} in the layout \`${layout.name}\`, ${rates[i]} codes a second`;
  return names.map((name, i) => ({
    ...column(name, "tokens", what(i)),
    maximum: layout.maximum,
  }));
}

function layerLengths(spec: CodecSpec): DescribedColumn[] {
  return [
    column("num_layers", "int64", `layers of the codec: ${spec.hopLengths.length}`),
    {
      ...column("token_lengths", "tokens", "codes of each layer that stand for real audio"),
      maximum: LARGEST_TOKEN,
    },
  ];
}

function ofWholeClip({ isLossless }: Layout): string {
  return isLossless ? "" : ", repeated frames included";
}

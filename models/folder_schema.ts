/**
 * The schema of `codec.json`.
 *
 * @module
 */
import { messageOf, UsageError } from "../lib/errors.ts";
import { z } from "../lib/npm/zod.ts";
import type { CodecSpec } from "./codec.ts";
import { type CodecLayout, PLAIN_LAYOUT } from "./layout.ts";

const count = z.int().positive();
const tensor = z.string().min(1);
const windows = z.strictObject({ hop: count, context: count }).nullable();

const LAYOUT = z.strictObject({
  audio: tensor.default(PLAIN_LAYOUT.audio),
  codes: z.union([tensor, z.array(tensor).min(1)]).default("codes"),
  decoded: tensor.default(PLAIN_LAYOUT.decoded),
  analysis: windows.default(null),
  synthesis: windows.default(null),
  decoderContext: z.int().min(0).nullable().default(null),
  position: tensor.nullable().default(null),
  shortfall: z.int().min(0).default(0),
  preparation: z.enum(["none", "dac-chunks"]).default("none"),
});

const CHUNKING = z.strictObject({
  wholeSamples: count,
  samples: count,
  lead: z.int().min(0),
  step: count,
  reach: z.int().min(0),
  frames: count,
});

const CODEC_JSON = z.strictObject({
  id: z.string().min(1),
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, {
    error: "a column prefix is lower-case letters, digits and underscores, a letter first",
  }),
  sampleRate: count,
  paddingUnit: count,
  minimumSamples: count.optional(),
  hopLengths: z.array(count).min(1),
  codebookSize: count.max(2 ** 31),
  context: count.nullable().default(null),
  chunking: CHUNKING.optional(),
  licence: z.string().min(1),
  notice: z.string().nullable().default(null),
  layout: LAYOUT.prefault({}),
  source: z.record(z.string(), z.unknown()).optional(),
}).superRefine((codec, { addIssue }) => {
  const complain = (field: string, message: string) =>
    addIssue({ code: "custom", path: [field], message });
  const { hopLengths, paddingUnit, minimumSamples, context, layout } = codec;
  const [hop = 1] = hopLengths;
  const { codes } = layout;
  if (typeof codes === "string" && hopLengths.some((other) => other !== hop)) {
    complain("hopLengths", "layers of several hop lengths need a list of names as layout.codes");
  }
  if (typeof codes !== "string" && codes.length !== hopLengths.length) {
    complain("layout.codes", `${codes.length} names for ${hopLengths.length} layers`);
  }
  // A codec that pads nothing counts its last, cut frame as whole.
  const unfit = hopLengths.find((other) => paddingUnit !== 1 && paddingUnit % other !== 0);
  if (unfit !== undefined) {
    complain("paddingUnit", `${paddingUnit} is no multiple of the hop length ${unfit}`);
  }
  // What a decoder is fed must be whole codes of every layer.
  const longest = Math.max(...hopLengths);
  const uneven = hopLengths.find((other) => paddingUnit === 1 && longest % other !== 0);
  if (uneven !== undefined) {
    complain("hopLengths", `with a padding unit of 1, ${uneven} must divide ${longest}`);
  }
  const { decoderContext } = layout;
  const crossed = hopLengths.find((other) => (decoderContext ?? 0) % other !== 0);
  if (crossed !== undefined) {
    complain(
      "layout.decoderContext",
      `${decoderContext} is no multiple of the hop length ${crossed}`,
    );
  }
  for (const name of ["analysis", "synthesis"] as const) {
    const part = layout[name];
    if (part === null || part.context % part.hop === 0) continue;
    complain(
      `layout.${name}.context`,
      `${part.context} is no multiple of its hop, ${part.hop}`,
    );
  }
  if (minimumSamples !== undefined && minimumSamples % paddingUnit !== 0) {
    complain(
      "minimumSamples",
      `${minimumSamples} is no multiple of the padding unit ${paddingUnit}`,
    );
  }
  if ((layout.preparation === "dac-chunks") !== (codec.chunking !== undefined)) {
    complain("chunking", "it belongs to the layout.preparation 'dac-chunks'");
  }
  if (context !== null && context % paddingUnit !== 0) {
    complain("context", `${context} is no multiple of the padding unit ${paddingUnit}`);
  }
});

/** What a `codec.json` says. */
export interface CodecJson {
  readonly spec: CodecSpec;
  readonly layout: CodecLayout;
}

/**
 * Reads the text of a `codec.json`.
 *
 * @param path For messages.
 * @throws {UsageError} If it is no JSON, or a field is missing, unknown or does not fit.
 */
export function parseCodecJson(path: string, text: string): CodecJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Cannot read the codec '${path}': it is no JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const parsed = CODEC_JSON.safeParse(json);
  if (parsed.success) {
    const { layout, chunking, source: _, ...facts } = parsed.data;
    const { minimumSamples = facts.paddingUnit } = facts;
    const spec = { ...facts, minimumSamples, ...(chunking === undefined ? {} : { chunking }) };
    return { spec, layout };
  }
  const problems = parsed.error.issues.map(({ path: where, message }) =>
    `${where.join(".") || "the whole"}: ${message}`
  );
  throw new UsageError(`Cannot read the codec '${path}': ${problems.join("; ")}`);
}

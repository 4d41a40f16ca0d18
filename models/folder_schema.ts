/**
 * The schema of `codec.json`.
 *
 * @module
 */
import { messageOf, UsageError } from "../lib/errors.ts";
import { z } from "../lib/npm/zod.ts";
import type { CodecSpec } from "./codec.ts";

const count = z.int().positive();

const CODEC_JSON = z.strictObject({
  id: z.string().min(1),
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, {
    error: "a column prefix is lower-case letters, digits and underscores, a letter first",
  }),
  sampleRate: count,
  paddingUnit: count,
  hopLengths: z.array(count).min(1),
  codebookSize: count.max(2 ** 31),
  context: count.nullable().default(null),
  licence: z.string().min(1),
  notice: z.string().nullable().default(null),
}).superRefine((spec, { addIssue }) => {
  const [hop = 1] = spec.hopLengths;
  if (spec.hopLengths.some((other) => other !== hop)) {
    addIssue({
      code: "custom",
      path: ["hopLengths"],
      message: "all layers of a codec from a folder share one hop length",
    });
  }
  if (spec.paddingUnit % hop !== 0) {
    addIssue({
      code: "custom",
      path: ["paddingUnit"],
      message: `${spec.paddingUnit} is no multiple of the hop length ${hop}`,
    });
  }
  if (spec.context !== null && spec.context % spec.paddingUnit !== 0) {
    addIssue({
      code: "custom",
      path: ["context"],
      message: `${spec.context} is no multiple of the padding unit ${spec.paddingUnit}`,
    });
  }
});

/**
 * Reads the text of a `codec.json`.
 *
 * @param path For messages.
 * @throws {UsageError} If it is no JSON, or a field is missing, unknown or does not fit.
 */
export function parseCodecJson(path: string, text: string): CodecSpec {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Cannot read the codec '${path}': it is no JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const parsed = CODEC_JSON.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: where, message }) =>
    `${where.join(".") || "the whole"}: ${message}`
  );
  throw new UsageError(`Cannot read the codec '${path}': ${problems.join("; ")}`);
}

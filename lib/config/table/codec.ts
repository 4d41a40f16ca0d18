/**
 * Settings: what makes the tokens.
 *
 * @module
 */
import { z } from "../../npm/zod.ts";
import type { SettingFacts } from "../setting.ts";
import { positive, text } from "./values.ts";

const PRECISIONS = ["float32", "float16"] as const;

/** What makes the tokens. */
export const CODEC_SETTINGS = {
  codec: {
    schema: text,
    flagKind: "text",
    valueName: "name",
    expected:
      "the name of a codec such as hubertsiuzdak/snac_24khz, or a folder such as ./my-codec",
    default: "bundled",
    description:
      "What makes tokens of audio: bundled, a repository on the Hugging Face Hub, or a folder",
    decidesData: true,
  },
  bandwidth: {
    schema: positive.nullable(),
    flagKind: "scalar",
    valueName: "kbps",
    expected: "a number over 0, or null",
    default: null,
    description: "EnCodec: kilobits a second, 1.5, 3, 6, 12 or 24; null for the codec's default",
    decidesData: true,
  },
  codebooks: {
    schema: z.int().min(1).nullable(),
    flagKind: "scalar",
    valueName: "count",
    expected: "a whole number, 1 or more, or null",
    default: null,
    description:
      "Use the first so many codebooks of a codec whose later ones refine the earlier; null for the codec's default",
    decidesData: true,
  },
  chunked: {
    schema: z.boolean(),
    flagKind: "scalar",
    valueName: "true|false",
    expected: "true or false",
    default: false,
    description: "DAC: encode as its command line does, loudness-normalised and in chunks",
    decidesData: true,
  },
  precision: {
    schema: z.enum(PRECISIONS),
    flagKind: "text",
    valueName: "type",
    expected: `one of ${PRECISIONS.join(", ")}`,
    default: "float32",
    description:
      "What a converted codec computes with; float16 is for GPUs, and some tokens differ from the reference",
    decidesData: true,
    choices: PRECISIONS,
  },
} as const satisfies Record<string, SettingFacts>;

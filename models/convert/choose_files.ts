/**
 * Which of a model's files are its weights and its config.
 *
 * @module
 */
import { UsageError } from "../../lib/errors.ts";
import type { ModelFiles } from "./model_files.ts";

/** What a model is read from. */
export type ChosenFiles =
  | { readonly kind: "nemo"; readonly archive: string }
  | { readonly kind: "weights"; readonly weights: string; readonly config: string | null }
  | {
    readonly kind: "export";
    readonly encoder: string;
    readonly decoder: string | null;
    readonly config: string;
  };

/** A checkpoint to convert. */
export type CheckpointFiles = Exclude<ChosenFiles, { readonly kind: "export" }>;

/** Names under which authors publish one model's weights, the best first. */
const WEIGHTS = ["model.safetensors", "pytorch_model.bin"];
/** Mimi beside a language model, in the repositories of Kyutai. */
const TOKENIZER = /^tokenizer-.*\.safetensors$/;
/** Names under which they publish its config. */
const CONFIGS = ["config.json", "config.yaml"];
/** Any other name is fine where there is one such file. */
const CHECKPOINT = /^[^/]+\.(?:safetensors|bin|pth|pt|th|ckpt)$/;
const ENCODER = "onnx/encoder_model.onnx";
const DECODER = "onnx/decoder_model.onnx";

/**
 * Chooses among the files of a model: a `.nemo` archive, a checkpoint with its config, or a ready
 * ONNX export in the layout of onnx-community.
 *
 * @throws {UsageError} If there is none, or more than one could be meant.
 */
export function chooseFiles({ place, names }: ModelFiles): ChosenFiles {
  const archives = names.filter((name) => /^[^/]+\.nemo$/.test(name));
  if (archives.length > 0) return { kind: "nemo", archive: onlyOne(place, archives) };
  const config = CONFIGS.find((name) => names.includes(name)) ?? null;
  const named = names.find((name) => TOKENIZER.test(name)) ??
    WEIGHTS.find((name) => names.includes(name));
  if (named !== undefined) return { kind: "weights", weights: named, config };
  const others = names.filter((name) => CHECKPOINT.test(name));
  if (others.length > 0) return { kind: "weights", weights: onlyOne(place, others), config };
  if (names.includes(ENCODER) && config !== null) {
    return { kind: "export", encoder: ENCODER, decoder: orNull(names, DECODER), config };
  }
  throw new UsageError(
    `Cannot convert '${place}': it holds ${
      names.length === 0 ? "no file" : names.slice(0, 8).join(", ")
    }; a codec's model is a .safetensors, .bin, .pt, .pth, .th or .ckpt file with its config, ` +
      `a .nemo archive, or '${ENCODER}' with 'config.json'`,
  );
}

function orNull(names: readonly string[], name: string): string | null {
  return names.includes(name) ? name : null;
}

function onlyOne(place: string, names: readonly string[]): string {
  const [name = ""] = names;
  if (names.length === 1) return name;
  throw new UsageError(
    `Cannot convert '${place}': it holds ${names.join(" and ")}; name the file that is meant`,
  );
}

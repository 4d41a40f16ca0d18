/**
 * What a family of codecs must give, so that its checkpoints can be converted.
 *
 * @module
 */
import type { Checkpoint, PlainValue } from "../lib/checkpoints/checkpoint.ts";
import type { CodecSpec } from "./codec.ts";
import type { OnnxGraph } from "./graph/graph.ts";
import type { CodecLayout } from "./layout.ts";

/** A model whose files were found and opened. */
export interface OpenedModel {
  /** What users call it: `hubertsiuzdak/snac_24khz`, or the name of its folder or file. */
  readonly id: string;
  /**
   * Its config: `config.json`, `config.yaml`, a `.nemo` archive's `model_config.yaml`, or what
   * its checkpoint holds beside the weights; null where it has none.
   */
  readonly config: { readonly [key: string]: PlainValue } | null;
  /** What messages call the config: its path. */
  readonly configPath: string;
  readonly checkpoint: Checkpoint;
  /** What the family's `companions` name, opened. */
  readonly companions?: Readonly<Record<string, OpenedModel>>;
}

/** What a user may choose of a codec when it is converted; part of the key of the result. */
export interface CodecSettings {
  /** Kilobits a second, where a codec names its rates so (EnCodec: 1.5, 3, 6, 12, 24). */
  readonly bandwidth?: number;
  /** Use the first so many codebooks, where later ones refine earlier ones. */
  readonly codebooks?: number;
  /** DAC: encode as its command line does, loudness-normalised and in chunks. */
  readonly chunked?: boolean;
  /** SNAC: decode with this noise in its noise blocks instead of none. */
  readonly noiseSeed?: number;
  /** What the convolutions compute with. @default {"float32"} */
  readonly precision?: "float32" | "float16";
}

/** Names of the graphs of a codec; `docs/codecs.md` says what goes in and out. */
export type GraphName = "analysis" | "encoder" | "decoder" | "synthesis";

/** A codec in the form that is written to a folder. */
export interface ConvertedCodec {
  readonly spec: CodecSpec;
  readonly layout: CodecLayout;
  readonly graphs: { readonly [name in GraphName]?: OnnxGraph };
}

/** One family: SNAC, EnCodec, … */
export interface CheckpointFamily {
  /** As its authors write it: `SNAC`. */
  readonly name: string;
  /**
   * Other checkpoints that its models need: Vocos decodes what EnCodec encodes. By the name of
   * the folder inside the model's own where a copy is looked for first, and the repository on the
   * Hub that it is otherwise.
   */
  readonly companions?: Readonly<Record<string, string>>;
  /** Whether a model is of this family, by its config or the names of its tensors. */
  recognises(model: OpenedModel): boolean;
  /**
   * Builds the graphs. Reads no weight: those are loaded when the graphs are written. Every
   * tensor of the checkpoint is used or named as not needed.
   *
   * @throws {SpeechmillError} If config and weights do not fit each other, naming file and field.
   * @throws {UsageError} If a setting does not exist for this family, or has no such value.
   */
  convert(model: OpenedModel, settings: CodecSettings): Promise<ConvertedCodec>;
}

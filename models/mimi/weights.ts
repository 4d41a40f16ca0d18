/**
 * The tensors of a Mimi under either of their names.
 *
 * They are asked for by the names of Kyutai's checkpoint; one table says what transformers calls them.
 *
 * @module
 */
import type { CheckpointWeights } from "../checkpoint_weights.ts";
import type { ConvolutionWeights } from "../graph/convolution.ts";
import type { NormWeights } from "../graph/linear.ts";
import { halvesFromPairs } from "../graph/rotary.ts";
import { derivedWeight, type Weight } from "../graph/weight.ts";

/** From Kyutai's names to those of transformers, each applied in turn. */
const RENAMED: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\.(conv|convtr)(?:\.\1)+(?=\.)/, ".conv"],
  [/^quantizer\.rvq_first\.(?:vq\.)?/, "quantizer.semantic_residual_vector_quantizer."],
  [/^quantizer\.rvq_rest\.(?:vq\.)?/, "quantizer.acoustic_residual_vector_quantizer."],
  [/\._codebook\._?/, ".codebook."],
  [/embedding_sum$/, "embed_sum"],
  [/^(encoder|decoder)\.model\./, "$1.layers."],
  [/_transformer\.transformer\./, "_transformer."],
  [/\.linear([12])\./, ".mlp.fc$1."],
  [/\.self_attn\.out_proj\./, ".self_attn.o_proj."],
  [/\.norm1\./, ".input_layernorm."],
  [/\.norm2\./, ".post_attention_layernorm."],
  [/\.layer_scale_1\./, ".self_attn_layer_scale."],
  [/\.layer_scale_2\./, ".mlp_layer_scale."],
];

/** Older names of the tensors of a codebook, which Kyutai's code still takes. */
const OLDER: Readonly<Record<string, readonly string[]>> = {
  "embedding_sum": ["embed_sum", "embed_avg"],
  "cluster_usage": ["cluster_size"],
  "_initialized": ["inited"],
};

/** One name that every Mimi has. */
const SIGNATURE = "quantizer.rvq_rest.vq.layers.0._codebook.embedding_sum";

function transformersName(name: string): string {
  return RENAMED.reduce((renamed, [pattern, by]) => renamed.replace(pattern, by), name);
}

/** Which of the two spellings these tensors have; null if they are no Mimi's. */
export function spellingOf(
  tensors: Pick<ReadonlyMap<string, unknown>, "has">,
): "kyutai" | "transformers" | null {
  if (namesOf(SIGNATURE).some((name) => tensors.has(name))) return "kyutai";
  return tensors.has(transformersName(SIGNATURE)) ? "transformers" : null;
}

/** A name and, of a codebook's tensors, the older ones. */
function namesOf(name: string): string[] {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const stem = name.slice(0, -last.length);
  return [last, ...OLDER[last] ?? []].map((ending) => stem + ending);
}

/** A checkpoint's tensors, by Kyutai's names. */
export class MimiWeights {
  readonly #weights: CheckpointWeights;
  readonly #kyutai: boolean;

  constructor(weights: CheckpointWeights) {
    this.#weights = weights;
    this.#kyutai = spellingOf(weights.facts) !== "transformers";
  }

  /** @throws {SpeechmillError} As `CheckpointWeights.tensor`. */
  tensor(name: string, shape: readonly number[]): Weight {
    return this.#weights.tensor(this.#stored(name), shape);
  }

  /** @throws {SpeechmillError} As `CheckpointWeights.convolution`. */
  convolution(prefix: string, shape: readonly number[], bias: number | null): ConvolutionWeights {
    const stored = this.#stored(`${prefix}.`).slice(0, -1);
    return this.#weights.convolution(stored, shape, bias);
  }

  /** A layer norm over so many channels. */
  norm(prefix: string, channels: number): NormWeights {
    return {
      weight: this.tensor(`${prefix}.weight`, [channels]),
      bias: this.tensor(`${prefix}.bias`, [channels]),
    };
  }

  /**
   * Projections to queries, keys and values in one [3 × channels, channels]: queries scaled by
   * 1 / √channels of a head, rows of queries and keys in the order that turns halves. Kyutai's
   * checkpoint turns neighbours and has one tensor, that of transformers halves and three.
   */
  attention(prefix: string, channels: number, heads: number): Weight {
    const scale = 1 / Math.sqrt(channels / heads);
    if (this.#kyutai) {
      const all = this.tensor(`${prefix}.in_proj_weight`, [3 * channels, channels]);
      const parts = [0, 1, 2].map((part) => rowsOf(all, part * channels, channels));
      const [queries, keys, values] = parts as [Weight, Weight, Weight];
      const turned = [halvesFromPairs(queries, heads), halvesFromPairs(keys, heads), values];
      return stacked(`${prefix}.in_proj`, turned, [scale, 1, 1]);
    }
    const parts = ["q", "k", "v"].map((part) =>
      this.tensor(`${prefix}.${part}_proj.weight`, [channels, channels])
    );
    return stacked(`${transformersName(`${prefix}.`)}in_proj`, parts, [scale, 1, 1]);
  }

  /** Entries of a codebook: the mean of what was assigned to each, the sum over the usage. */
  codebook(prefix: string, entries: number, channels: number): Weight {
    const sums = this.tensor(`${prefix}.embedding_sum`, [entries, channels]);
    const usage = this.tensor(`${prefix}.cluster_usage`, [entries]);
    return derivedWeight(
      `${prefix}.entries`,
      sums.shape,
      [sums, usage],
      (total, count) =>
        total.map((value, i) =>
          value / Math.max(count[Math.floor(i / channels)] ?? 0, LEAST_USAGE)
        ),
    );
  }

  /** Marks what training needs of a codebook, or all that belongs to it. */
  ignore(pattern: RegExp): void {
    this.#weights.ignore(pattern);
  }

  #stored(name: string): string {
    if (!this.#kyutai) return transformersName(name);
    return namesOf(name).find((known) => this.#weights.has(known)) ?? name;
  }
}

/** float32 as torch has it: what an entry's usage counts as, at least. */
const LEAST_USAGE = Math.fround(1e-5);

/** Some rows of a matrix. */
function rowsOf(weight: Weight, start: number, rows: number): Weight {
  const [, columns = 0] = weight.shape;
  return derivedWeight(
    `${weight.name}[${start}:${start + rows}]`,
    [rows, columns],
    [weight],
    (values) => values.slice(start * columns, (start + rows) * columns),
  );
}

/** Matrices of as many columns, one after the other, each times its factor. */
function stacked(
  name: string,
  parts: readonly Weight[],
  factors: readonly number[],
): Weight {
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const columns = parts[0]?.shape[1] ?? 0;
  return derivedWeight(name, [rows, columns], parts, (...values) => {
    const all = new Float32Array(rows * columns);
    let at = 0;
    for (const [i, part] of values.entries()) {
      const factor = factors[i] ?? 1;
      all.set(part.map((value) => value * factor), at);
      at += part.length;
    }
    return all;
  });
}

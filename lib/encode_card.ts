/**
 * The dataset card of an encode run: what `README.md` in the run directory says.
 *
 * @module
 */
import type { CodecSpec } from "../models/codec.ts";
import type { DescribedColumn } from "./encoding/columns.ts";
import { frontMatter } from "./encoding/front_matter.ts";
import type { Layout } from "./layouts/layout.ts";
import type { CardFigures } from "./run/job.ts";
import type { FormatName } from "./shards/names.ts";
import { formatCount, formatHours } from "./terminal/format.ts";
import { VERSION } from "./version.ts";

/** What a card tells beside the figures. */
export interface CardFacts {
  readonly spec: CodecSpec;
  /** The commit on the Hub that the codec was made from; null for none. */
  readonly commit: string | null;
  /** SHA-256 of the codec. */
  readonly digest: string;
  readonly layout: Pick<Layout, "name" | "base" | "isLossless">;
  readonly columns: readonly DescribedColumn[];
  readonly format: FormatName;
  /** The command that makes the data once more; null if it was made by a call. */
  readonly command: string | null;
}

/** Markdown with YAML front matter. */
export function encodeCard(facts: CardFacts, figures: CardFigures): string {
  const { columns, format, command } = facts;
  return [
    frontMatter({ format, columns, figures }),
    "# Speech as codec tokens",
    introduction(facts, figures),
    "## Rows",
    table(figures),
    "## Columns",
    columnTable(columns),
    "## Read it",
    reading(format),
    "## Back to sound",
    "```sh\nspeechmill decode <this folder> --output wav\n```",
    wayBack(facts.layout),
    "## The codec",
    codec(facts),
    ...command === null ? [] : ["## Made by", `\`\`\`sh\n${command}\n\`\`\``],
    "",
  ].join("\n\n");
}

function reading(format: FormatName): string {
  const call =
    '```python\nfrom datasets import load_dataset\n\ndataset = load_dataset("<this folder or repository>")\n```';
  switch (format) {
    case "tar":
      return `${call}\n\nEach sample is \`<key>.json\` and a \`.npy\` for each column of tokens.`;
    case "npy":
      return `${call}\n\nA column of tokens holds the path of a \`.npy\` file below \`data/\`, and its SHA-256.`;
    case "csv":
      return `${call}\n\nA column of tokens holds JSON: \`json.loads(row["tokens"])\`.`;
    default:
      return call;
  }
}

function wayBack({ name, base, isLossless }: CardFacts["layout"]): string {
  if (name === "layers" && base === 0) {
    return "Each layer of a row goes to the decoder; the first `num_samples` samples of what comes out are the clip.";
  }
  const cut = isLossless
    ? "the first `num_samples` samples of what comes out are the clip."
    : "frames that repeat the one before were removed, so the sound is shorter than the clip.";
  return `The tokens are in the layout \`${name}\`: \`vocabulary.json\` tells which code of which ` +
    `codebook each id is. The codes go to the decoder; ${cut}`;
}

function introduction({ spec }: CardFacts, figures: CardFigures): string {
  const state = figures.finished ? "" : " The run is not finished: more rows will follow.";
  return `${formatHours(3600 * figures.hours)} hours of speech, ${
    formatCount(figures.tokens)
  } tokens of the codec \`${spec.id}\`. Made with speechmill ${VERSION}.${state}`;
}

function codec({ spec, commit, digest }: CardFacts): string {
  const rates = [...new Set(spec.hopLengths.map((hop) => spec.sampleRate / hop))];
  const frames = rates.map((rate) => Number(rate.toFixed(3))).join(", ");
  const notice = spec.notice === null ? "" : `\n\n**Note.** ${spec.notice}`;
  return `\`${spec.id}\` takes ${spec.sampleRate} Hz mono and has ${spec.hopLengths.length} codebooks of ` +
    `${spec.codebookSize} entries, ${frames} frames a second; its licence is ${spec.licence}; ` +
    `its files ${
      commit === null ? "" : `are made from those of the commit \`${commit}\` on the Hub, and `
    }have the SHA-256 \`${digest}\`. The licence of the speech is that of its source.${notice}`;
}

function table(figures: CardFigures): string {
  return [
    "| split | rows |",
    "| --- | --- |",
    ...figures.splits.map(({ name, rows }) => `| ${name} | ${rows} |`),
    `| quarantined (\`failed.jsonl\`) | ${figures.quarantined} |`,
    ...Object.entries(figures.reasons ?? {}).map(([reason, count]) => `| · ${reason} | ${count} |`),
    `| filtered by duration | ${figures.filtered} |`,
    ...figures.excluded ? [`| left out by a column filter | ${figures.excluded} |`] : [],
  ].join("\n");
}

function columnTable(columns: readonly DescribedColumn[]): string {
  return [
    "| column | what |",
    "| --- | --- |",
    ...columns.map(({ name, meaning }) => `| \`${name}\` | ${meaning.replaceAll("|", "\\|")} |`),
  ].join("\n");
}

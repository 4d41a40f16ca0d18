/**
 * The dataset card of an encode run: what `README.md` in the run directory says. Its front
 * matter tells `datasets.load_dataset` where the splits lie and what type each column has, so
 * that a column that begins with nulls is read as what it is.
 *
 * @module
 */
import type { CodecSpec } from "../models/codec.ts";
import type { DescribedColumn } from "./encoding/columns.ts";
import type { Layout } from "./layouts/layout.ts";
import type { CardFigures } from "./run/job.ts";
import { formatCount, formatHours } from "./terminal/format.ts";
import { VERSION } from "./version.ts";

/** Markdown with YAML front matter. */
export function encodeCard(
  spec: CodecSpec,
  digest: string,
  layout: Pick<Layout, "name" | "isLossless">,
  columns: readonly DescribedColumn[],
  figures: CardFigures,
): string {
  return [
    frontMatter(columns, figures),
    "# Speech as codec tokens",
    introduction(spec, digest, figures),
    table(figures),
    "## Columns",
    columnTable(columns),
    "## Back to sound",
    "```sh\nspeechmill decode <this folder> --output wav\n```",
    wayBack(layout),
    "",
  ].join("\n\n");
}

function wayBack({ name, isLossless }: Pick<Layout, "name" | "isLossless">): string {
  if (name === "layers") {
    return "Each layer of a row goes to the decoder; the first `num_samples` samples of what comes out are the clip.";
  }
  const cut = isLossless
    ? "the first `num_samples` samples of what comes out are the clip."
    : "frames that repeat the one before were removed, so the sound is shorter than the clip.";
  return `The tokens are in the layout \`${name}\`: \`vocabulary.json\` tells which code of which ` +
    `codebook each id is. The codes go to the decoder; ${cut}`;
}

function frontMatter(columns: readonly DescribedColumn[], figures: CardFigures): string {
  const features = columns.map(({ name, type }) =>
    `  - name: ${JSON.stringify(name)}\n    ${
      type === "tokens" ? "sequence: int64" : `dtype: ${type}`
    }`
  );
  return [
    "---",
    "tags: [speech, audio-codec, speechmill]",
    ...configs(figures),
    "dataset_info:",
    "  features:",
    ...features,
    "---",
  ].join("\n");
}

/** Where each split lies; nothing before there is a row, for a list of no files cannot be read. */
function configs(figures: CardFigures): string[] {
  const splits = figures.splits.filter(({ rows }) => rows > 0);
  if (splits.length === 0) return [];
  return [
    "configs:",
    "- config_name: default",
    "  data_files:",
    ...splits.map(({ name }) => `  - split: ${name}\n    path: data/${name}-*.jsonl.gz`),
  ];
}

function introduction(spec: CodecSpec, digest: string, figures: CardFigures): string {
  const state = figures.finished ? "" : " The run is not finished: more rows will follow.";
  const notice = spec.notice === null ? "" : `\n\n**Note.** ${spec.notice}`;
  return `${formatHours(3600 * figures.hours)} hours of speech, ${
    formatCount(figures.tokens)
  } tokens of the codec \`${spec.id}\`. ` +
    `Made with speechmill ${VERSION}.${state}\n\n` +
    `The codec takes ${spec.sampleRate} Hz mono and has ${spec.hopLengths.length} codebooks of ` +
    `${spec.codebookSize} entries; its licence is ${spec.licence}; its files have the SHA-256 \`${digest}\`.${notice}`;
}

function table(figures: CardFigures): string {
  return [
    "| split | rows |",
    "| --- | --- |",
    ...figures.splits.map(({ name, rows }) => `| ${name} | ${rows} |`),
    `| quarantined (\`failed.jsonl\`) | ${figures.quarantined} |`,
    `| filtered by duration | ${figures.filtered} |`,
  ].join("\n");
}

function columnTable(columns: readonly DescribedColumn[]): string {
  return [
    "| column | what |",
    "| --- | --- |",
    ...columns.map(({ name, meaning }) => `| \`${name}\` | ${meaning.replaceAll("|", "\\|")} |`),
  ].join("\n");
}

/**
 * The dataset card of an encode run: what `README.md` in the run directory says. Its front
 * matter tells `datasets.load_dataset` where the splits lie and what type each column has, so
 * that a column that begins with nulls is read as what it is.
 *
 * @module
 */
import type { CodecSpec } from "../models/codec.ts";
import type { CardFigures } from "./run/job.ts";
import { formatCount, formatHours } from "./terminal/format.ts";
import { VERSION } from "./version.ts";

type Constants = Readonly<Record<string, string | number | boolean | null>>;

/** Markdown with YAML front matter. */
export function encodeCard(
  spec: CodecSpec,
  digest: string,
  layers: readonly string[],
  constants: Constants,
  figures: CardFigures,
): string {
  return [
    frontMatter(layers, constants, figures),
    "# Speech as codec tokens",
    introduction(spec, digest, figures),
    table(figures),
    "## Columns",
    columns(spec, layers, constants),
    "## Back to sound",
    "```sh\nspeechmill decode <this folder> --output wav\n```",
    "Each layer of a row goes to the decoder; the first `num_samples` samples of what comes out are the clip.",
    "",
  ].join("\n\n");
}

function frontMatter(
  layers: readonly string[],
  constants: Constants,
  figures: CardFigures,
): string {
  const features = [
    ...scalar({ id: "string", text: "string" }),
    ...layers.map((layer) => `  - name: ${layer}\n    sequence: int64`),
    ...scalar({ encoded_len: "int64", num_samples: "int64", sample_rate: "int64" }),
    ...scalar({ duration: "float64", speaker: "string", language: "string" }),
    ...scalar(
      Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, dtype(value)])),
    ),
  ];
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

function scalar(types: Record<string, string>): string[] {
  return Object.entries(types).map(([name, type]) =>
    `  - name: ${JSON.stringify(name)}\n    dtype: ${type}`
  );
}

function dtype(value: Constants[string] | undefined): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "number") return "string";
  return Number.isInteger(value) ? "int64" : "float64";
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

function columns(spec: CodecSpec, layers: readonly string[], constants: Constants): string {
  const rates = spec.hopLengths.map((hop) => Number((spec.sampleRate / hop).toFixed(3)));
  return [
    "| column | what |",
    "| --- | --- |",
    "| `id`, `text`, `speaker`, `language` | as the source gives them; null where it does not |",
    ...layers.map((layer, i) =>
      `| \`${layer}\` | codes of layer ${i + 1}, ${rates[i]} a second, of real audio only |`
    ),
    "| `encoded_len` | codes of the last layer |",
    "| `num_samples`, `sample_rate` | length of the audio at the codec's rate |",
    "| `duration` | seconds in the source |",
    ...Object.entries(constants).map(([name, value]) =>
      `| \`${name}\` | ${JSON.stringify(value).replaceAll("|", "\\|")} |`
    ),
  ].join("\n");
}

/**
 * The settings in the words of documentation and editors.
 *
 * @module
 */

import { toJSONSchema, z } from "../npm/zod.ts";
import type { Json } from "../run/job.ts";
import { pipelineConfig } from "./pipeline/schema.ts";
import { type Setting, type SettingGroup, SETTINGS } from "./settings.ts";

/**
 * Makes the JSON schema by which editors complete and check a config file: one of our own, or that
 * of a pipeline, with settings of our own beside.
 */
export function settingsJsonSchema(): Json {
  const shape = Object.fromEntries(
    SETTINGS.map((setting) => [setting.name, annotated(setting).optional()]),
  );
  const either = z.strictObject({ ...shape, ...pipelineConfig.partial().shape });
  const schema = toJSONSchema(either, { io: "input" });
  return JSON.parse(JSON.stringify({
    ...schema,
    title: "The settings of a speechmill run",
  }));
}

function annotated({ schema, description, default: value }: Setting): z.ZodType {
  return schema.meta(value === undefined ? { description } : { description, default: value });
}

const HEAD = `# Settings

A run's settings live in one YAML file or in flags. Each name means the same in both: \`val_ratio\`
in the file is \`--val-ratio\` on the command line. Flags win over the file, the file wins over the
defaults. Relative paths begin in the folder of the file, or in the working directory for flags.

\`\`\`yaml
# yaml-language-server: $schema=../docs/run-config.schema.json
input: speech/manifest.jsonl
val_ratio: 0.1
constants:
  dataset: ljspeech
\`\`\`

The first line lets an editor complete and check the file: it names
[\`run-config.schema.json\`](run-config.schema.json) by a path relative to the file, or by an address.

Numbers, \`true\`, \`false\` and \`null\` are written behind a flag as in YAML: \`--max-seconds null\`
is no limit. \`--input\` and
\`--audio-root\` may be given several times; so may \`--columns field=column\`,
\`--where column=value\` and \`--constants name=value\`, once for each entry, which together replace
those of the file. \`--where dialect=north --where dialect=south\` takes either. The list of
\`datasets\` is written behind its flag as in YAML: \`--datasets '[{input: north}, {input: south}]'\`.

A run directory belongs to one set of values of the settings marked "data": with others, the files
would have other bytes, so resuming is refused with a list of what differs.

Filtered samples, those shorter than \`min_seconds\` or longer than \`max_seconds\`, are counted in
\`stats.json\`, and so are rows that \`where\` leaves out. Columns are counted from 0.

The \`config.yaml\` of the Nano Codec and SNAC pipelines is read as it is, with these settings beside
its own where they are wanted: [which is which](inputs.md#a-configyaml-of-the-nano-codec-and-snac-pipelines).
`;

/** What a group of settings is about. */
const GROUPS: Readonly<Record<SettingGroup, string>> = {
  Input: "What is encoded: [inputs](inputs.md) shows each kind.",
  Codec: "What makes the tokens: [codecs](codecs.md) tells which there are.",
  Output:
    "What is written, and where it goes: [formats](formats.md) and [token layouts](layouts.md).",
  Run: "How it runs.",
};

/** Makes \`docs/settings.md\`. */
export function settingsPage(): string {
  const tables = Object.entries(GROUPS).map(([group, words]) =>
    `## ${group}\n\n${words}\n\n${tableOf(SETTINGS.filter((each) => each.group === group))}\n`
  );
  return `${HEAD}
${tables.join("\n")}
This page and the schema are made by \`deno run -A docs/generate.ts\` from
\`lib/config/settings.ts\`; a test holds them to it.
`;
}

function tableOf(settings: readonly Setting[]): string {
  return `| setting | flag | value | default | decides | meaning |
| --- | --- | --- | --- | --- | --- |
${settings.map(tableRow).join("\n")}`;
}

function tableRow(setting: Setting): string {
  const cells = [
    `\`${setting.name}\``,
    `\`${setting.flag} <${setting.valueName}>\``,
    setting.expected,
    setting.default === undefined ? "none: it must be given" : `\`${defaultText(setting)}\``,
    setting.decidesData ? "data" : "",
    setting.description,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The default as YAML writes it. */
export function defaultText({ default: value }: Setting): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

/**
 * What the card of a dataset, the head of its README.md, says about its configurations.
 *
 * @module
 */
import { messageOf, UsageError } from "../../errors.ts";
import { parse as parseYaml } from "../../npm/yaml.ts";
import { z } from "../../npm/zod.ts";
import { isSafeName } from "../file_name.ts";
import { SPLIT_NAME, type SplitPatterns } from "./split_patterns.ts";

/** A configuration ("subset") as the card declares it. */
export interface CardConfig {
  readonly name: string;
  /** Files of each split; null where the names of the files tell. */
  readonly splits: SplitPatterns | null;
  /** Folder that its patterns begin in; empty for the whole repository. */
  readonly folder: string;
  readonly isDefault: boolean;
}

/** A dataset whose configurations a message is about. */
export interface CardSubject {
  /** `org/name`. */
  readonly id: string;
  /** `README.md` */
  readonly file: string;
}

const PATHS = z.union([z.string(), z.array(z.string())]);
const SPLIT = z.strictObject({ split: z.string().regex(SPLIT_NAME), path: PATHS });
const NAME = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const CONFIG = z.object({
  config_name: NAME,
  data_files: z.union([
    z.string(),
    z.array(z.string()),
    z.array(SPLIT),
    z.record(z.string().regex(SPLIT_NAME), PATHS),
  ]).nullish(),
  data_dir: z.string().nullish(),
  default: z.boolean().nullish(),
});

const CARD = z.object({ configs: z.array(CONFIG).nullish() });

type DataFiles = z.infer<typeof CONFIG>["data_files"];

/** The YAML between the first line of a README, `---`, and the next such line; null if none. */
export function frontMatter(readme: string): string | null {
  const lines = readme.replace(/^\ufeff/, "").split(/\r?\n/);
  if (lines[0]?.trimEnd() !== "---") return null;
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---");
  return end === -1 ? null : lines.slice(1, end).join("\n");
}

/**
 * Reads the configurations of a card; none where it declares none.
 *
 * @param yaml The head of `README.md`, or `.huggingface.yaml`.
 * @throws {UsageError} If it is no YAML, or declares configurations as `datasets` knows none.
 */
export function readCard(yaml: string, subject: CardSubject): readonly CardConfig[] {
  const configs = CARD.safeParse(parse(yaml, subject) ?? {});
  if (!configs.success) throw wrongCard(subject, firstProblems(configs.error));
  return (configs.data.configs ?? []).map((config) => {
    const folder = (config.data_dir ?? "").replace(/^(\.\/)+|\/+$/g, "");
    const splits = config.data_files ? patternsOf(config.data_files) : null;
    for (const path of [folder, ...splits?.values() ?? []].flat()) checkPath(path, subject);
    return { name: config.config_name, splits, folder, isDefault: config.default ?? false };
  });
}

/** A card of a stranger may have millions of them. */
const MAX_PROBLEMS = 5;

function firstProblems({ issues }: z.ZodError): string {
  return z.prettifyError(new z.ZodError(issues.slice(0, MAX_PROBLEMS)));
}

function parse(yaml: string, subject: CardSubject): unknown {
  try {
    return parseYaml(yaml);
  } catch (error) {
    throw wrongCard(subject, messageOf(error));
  }
}

function patternsOf(dataFiles: NonNullable<DataFiles>): SplitPatterns {
  if (typeof dataFiles === "string") return new Map([["train", [clean(dataFiles)]]]);
  if (!Array.isArray(dataFiles)) {
    return new Map(Object.entries(dataFiles).map(([split, path]) => [split, cleaned(path)]));
  }
  const plain: string[] = [];
  const splits = new Map<string, string[]>();
  for (const entry of dataFiles) {
    if (typeof entry === "string") plain.push(clean(entry));
    else splits.set(entry.split, [...splits.get(entry.split) ?? [], ...cleaned(entry.path)]);
  }
  return plain.length > 0 ? new Map([["train", plain]]) : splits;
}

function cleaned(paths: string | readonly string[]): string[] {
  return [paths].flat().map(clean);
}

function clean(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}

/** A card may name files anywhere; those of this repository are all that is read. */
function checkPath(path: string, subject: CardSubject): void {
  if (path === "" || isSafeName(path)) return;
  throw wrongCard(subject, `it names files outside of the repository: '${path}'`);
}

function wrongCard({ id, file }: CardSubject, reason: string): UsageError {
  return new UsageError(`Cannot use the dataset '${id}': its ${file} is wrong: ${reason}`);
}

/**
 * From the `config.yaml` of the Nano Codec and SNAC pipelines to settings of a run.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { z } from "../../npm/zod.ts";
import type { Problem } from "../check.ts";
import { DATASET_ORIGINS, datasetOf } from "./dataset.ts";
import { noticesOf } from "./notices.ts";
import { type PipelineConfig, pipelineConfig, SECTIONS } from "./schema.ts";

type Written = Readonly<Record<string, unknown>>;

/** A file of a pipeline as settings of a run. */
export interface Translation {
  readonly settings: Written;
  /** What the user should hear once. */
  readonly notices: readonly string[];
  readonly problems: readonly Problem[];
  /** Where a setting stands in the file: `["base_settings", "OUT_DIR"]` of `["output"]`. */
  original(path: readonly string[]): readonly string[];
}

/** Whether this is the file of a pipeline. */
export function isPipelineConfig(settings: Written): boolean {
  return SECTIONS.some((section) => section in settings);
}

/**
 * Translates a file.
 *
 * @param folder The folder of the file, in which a dataset may lie instead of on the Hub.
 */
export function translatePipelineConfig(written: Written, folder: string): Translation {
  const own = Object.fromEntries(
    Object.entries(written).filter(([name]) => !SECTIONS.includes(name)),
  );
  const result = pipelineConfig.safeParse(written);
  if (!result.success) {
    const problems = result.error.issues.flatMap((issue) => problemsOf(issue, written));
    return { settings: {}, notices: [], problems, original: (path) => path };
  }
  const settings = { ...settingsOf(result.data, folder), ...own };
  return {
    ...{ settings, notices: noticesOf(result.data, own), problems: answeredTwice(own) },
    original: (path) => Object.hasOwn(own, path[0] ?? "") ? path : original(path),
  };
}

/** What is encoded is said by `hf_datasets`: it must not go unheard. */
function answeredTwice(own: Written): Problem[] {
  return ["input", "datasets"].filter((name) => Object.hasOwn(own, name)).map((name) => ({
    ...{ path: [name], isName: true },
    detail: "'hf_datasets' says what to encode as well: leave one of the two out",
  }));
}

function settingsOf({ base_settings: base, ...rest }: PipelineConfig, folder: string): Written {
  const { save_settings: save, hf_datasets: entries } = rest;
  const exists = (path: string) => existsSync(resolve(folder, path));
  return {
    codec: base.audio_codec,
    output: base.OUT_DIR ?? "shards",
    // zlib's level 0 does not compress at all; here that is not worth a format of its own.
    "gzip_level": Math.max(1, base.gzip_level ?? 1),
    "shard_size": base.lines_per_file ?? 50_000,
    // The pipelines know one split.
    "val_ratio": 0,
    "save_local": save?.local ?? null,
    "hf_upload": save?.hf_upload ?? null,
    datasets: entries.map((entry) => datasetOf(entry, exists)),
  };
}

const ORIGINS: ReadonlyMap<string, readonly string[]> = new Map([
  ["codec", ["base_settings", "audio_codec"]],
  ["output", ["base_settings", "OUT_DIR"]],
  ["gzip_level", ["base_settings", "gzip_level"]],
  ["shard_size", ["base_settings", "lines_per_file"]],
  ["save_local", ["save_settings", "local"]],
  ["hf_upload", ["save_settings", "hf_upload"]],
]);

function original([name = "", number, field]: readonly string[]): readonly string[] {
  if (name !== "datasets") return ORIGINS.get(name) ?? [name];
  if (number === undefined) return ["hf_datasets"];
  const names = field === undefined ? [] : [DATASET_ORIGINS[field] ?? field];
  return ["hf_datasets", number, ...names];
}

function problemsOf(issue: z.core.$ZodIssue, written: Written): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      isName: true,
      detail: "the pipelines have no such setting",
    }));
  }
  const value = path.reduce<unknown>((at, key) => Object(at)[key], written);
  const detail = value === undefined
    ? `'${path.at(-1)}' is missing`
    : issue.message.replace(/^Invalid input: /, "");
  return [{ path, isName: false, detail }];
}

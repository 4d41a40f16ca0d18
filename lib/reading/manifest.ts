/**
 * `manifest.json`, checked.
 *
 * @module
 */
import { join } from "node:path";
import { LAYOUTS } from "../layouts/layout.ts";
import { messageOf, SpeechmillError, UsageError } from "../errors.ts";
import { pathExists } from "../fs.ts";
import { z } from "../npm/zod.ts";
import { SPLITS } from "../run/schema.ts";

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "not a SHA-256 in hexadecimal");

const file = z.object({
  // Names a file of the run, whoever wrote the manifest: nothing outside is ever read.
  path: z.string().regex(/^data\/[^/\\]+$/, "not a file in 'data/'"),
  rows: count,
  bytes: count,
  sha256,
  split: z.enum(SPLITS),
});

const model = z.object({
  codec: z.string(),
  commit: z.exactOptional(z.string()),
  sha256,
  encoder_sha256: sha256,
  sample_rate: z.int().min(1),
  padding_unit: z.int().min(1),
  minimum_samples: z.int().min(1),
  hop_lengths: z.array(z.int().min(1)).min(1),
  codebook_size: z.int().min(1),
  licence: z.string(),
  notice: z.string().nullable(),
  settings: z.object({
    bandwidth: z.exactOptional(z.number()),
    codebooks: z.exactOptional(z.number()),
    chunked: z.exactOptional(z.boolean()),
    precision: z.exactOptional(z.enum(["float32", "float16"])),
  }).optional(),
  chunking: z.object({
    whole_samples: count,
    samples: count,
    lead: count,
    step: z.int().min(1),
    reach: count,
    frames: z.int().min(1),
  }).optional(),
});

// A run made before there were layouts has none: its tokens are codes, a column a layer.
const layout = z.object({
  name: z.enum(LAYOUTS),
  base: count,
  remove_repeated_frames: z.boolean(),
  columns: z.array(z.string()).min(1),
});

// Further fields are let through: a later version may add some.
const manifest = z.object({
  speechmill: z.string(),
  finished: z.boolean(),
  config_digest: z.string(),
  model,
  layout: layout.optional(),
  columns: z.array(z.object({
    name: z.string(),
    type: z.enum(["string", "int64", "float64", "bool", "tokens"]),
    maximum: z.exactOptional(count),
  })),
  samples: z.object({ planned: count, done: count, quarantined: count, filtered: count }),
  files: z.array(file),
});

/** One data file, as `manifest.json` has it: path, split, rows, bytes, SHA-256. */
export type RunFile = Readonly<z.infer<typeof file>>;
/** The model that made the tokens, as `manifest.json` has it. */
export type RunModel = Readonly<z.infer<typeof model>>;
/** How its rows hold the tokens, as `manifest.json` has it. */
export type RunLayout = Readonly<z.infer<typeof layout>>;
/** `manifest.json`; its fields are in `docs/formats.md`. */
export type RunManifest = Readonly<z.infer<typeof manifest>>;

/**
 * Reads the manifest of a run.
 *
 * @throws {UsageError} If the folder has none.
 * @throws {SpeechmillError} If it is not what a manifest must be.
 */
export async function readManifest(directory: string): Promise<RunManifest> {
  const path = join(directory, "manifest.json");
  const result = manifest.safeParse(parse(path, await readText(directory, path)));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw damaged(path, `${where === "" ? "its content" : where}: ${issue?.message}`);
}

async function readText(directory: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new UsageError(
      `Cannot open the run '${directory}': ${whyAbsent(directory, error)}`,
      { cause: error },
    );
  }
}

function whyAbsent(directory: string, error: unknown): string {
  if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
    return messageOf(error);
  }
  if (pathExists(join(directory, ".speechmill"))) {
    return "it was killed before it wrote its 'manifest.json': " +
      `go on with it first: 'speechmill resume ${directory}'`;
  }
  return pathExists(directory)
    ? "it holds no 'manifest.json': name the output folder of 'speechmill encode'"
    : "there is no such folder";
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
}

function damaged(path: string, found: string): SpeechmillError {
  return new SpeechmillError(
    `Cannot read the manifest '${path}': ${found}: it is damaged, or another version wrote it: ` +
      "where the run has its ledger, 'speechmill resume' writes it anew",
  );
}

/**
 * Codecs that someone exported to ONNX already, in the layout of onnx-community:
 * `onnx/encoder_model.onnx` takes `input_values` and gives `audio_codes`, or `audio_codes.0` …
 * where layers differ in length; `onnx/decoder_model.onnx` gives `audio_values`. The session
 * holds them to this when it opens them.
 *
 * @module
 */
import { basename, join } from "node:path";
import { UsageError } from "../../lib/errors.ts";
import type { FileSystem } from "../../lib/fs.ts";
import type { CodecSettings, ConvertedCodec, OpenedModel } from "../checkpoint_family.ts";
import { ASSUMED_CHECKPOINT } from "../checkpoint_weights.ts";
import { sha256OfFile } from "../digest.ts";
import { type CodecLayout, PLAIN_LAYOUT } from "../layout.ts";
import type { ChosenFiles } from "./choose_files.ts";
import { familyOf } from "./families.ts";
import type { ModelFiles } from "./model_files.ts";
import { parseConfig } from "./open_model.ts";
import type { ConversionSource } from "./source.ts";
import { writeCodec } from "./write_codec.ts";

/** What exporters add for transformers.js; it says nothing of the codec. */
const OF_EXPORTERS = "transformers.js_config";
/** Bytes copied at a time. */
const BLOCK = 1 << 20;

/**
 * Opens a ready export: its facts come from its config, by the same rules as those of a
 * checkpoint; its graphs are used as they are.
 */
export async function openExport(
  files: ModelFiles,
  chosen: Extract<ChosenFiles, { readonly kind: "export" }>,
): Promise<ConversionSource> {
  const names = exportFiles(files, chosen);
  const paths = new Map<string, string>();
  for (const name of [chosen.config, ...names]) paths.set(name, await files.path(name));
  const hashes: Record<string, string> = {};
  for (const [name, path] of paths) hashes[name] = await sha256OfFile(path);
  const configPath = paths.get(chosen.config) ?? "";
  const config = await parseConfig(configPath, await Deno.readTextFile(configPath));
  const model: OpenedModel = {
    id: files.id,
    config: Object.fromEntries(Object.entries(config).filter(([field]) => field !== OF_EXPORTERS)),
    configPath,
    checkpoint: ASSUMED_CHECKPOINT,
  };
  return {
    hashes,
    async convert(settings) {
      refuse(files.place, settings);
      const codebooks = Number(config["num_quantizers"]);
      const all = Number.isInteger(codebooks) ? { codebooks } : {};
      const { spec, layout } = await familyOf(model).convert(model, all);
      const codec = { spec, layout: exportLayout(layout), graphs: {} };
      return (folder, options) => write(folder, codec, names, paths, options);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The graphs, and the weights that lie beside them. */
function exportFiles(
  { names }: ModelFiles,
  { encoder, decoder }: Extract<ChosenFiles, { readonly kind: "export" }>,
): string[] {
  const graphs = decoder === null ? [encoder] : [encoder, decoder];
  return names.filter((name) =>
    graphs.some((graph) => name === graph || name.startsWith(`${graph}_data`))
  );
}

function refuse(place: string, settings: CodecSettings): void {
  const [setting] = Object.keys(settings);
  if (setting === undefined) return;
  throw new UsageError(
    `Cannot use '${place}' with ${setting}: it is a ready ONNX export, whose graphs are as they ` +
      `are; name the repository with the original checkpoint`,
  );
}

function exportLayout({ codes, decoderContext, shortfall }: CodecLayout): CodecLayout {
  return {
    ...PLAIN_LAYOUT,
    audio: "input_values",
    codes: typeof codes === "string"
      ? "audio_codes"
      : codes.map((_, layer) => `audio_codes.${layer}`),
    decoded: "audio_values",
    decoderContext,
    shortfall,
  };
}

async function write(
  folder: string,
  codec: ConvertedCodec,
  names: readonly string[],
  paths: ReadonlyMap<string, string>,
  options: { readonly fs: FileSystem; readonly source?: { readonly [key: string]: unknown } },
): Promise<void> {
  for (const name of names) {
    // Weights keep their name, by which the graph finds them.
    const target = basename(name).replace(/_model\.onnx$/, ".onnx");
    await copy(options.fs, paths.get(name) ?? "", join(folder, target));
  }
  await writeCodec(folder, codec, options);
}

async function copy(fs: FileSystem, from: string, to: string): Promise<void> {
  using source = await Deno.open(from);
  using target = fs.create(to);
  const block = new Uint8Array(BLOCK);
  while (true) {
    const read = await source.read(block);
    if (read === null) break;
    target.write(block.subarray(0, read));
  }
  target.sync();
}

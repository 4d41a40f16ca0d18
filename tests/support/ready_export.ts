/**
 * Puts a converted codec into the layout of onnx-community, as if someone else had exported it.
 *
 * @module
 */
import { join } from "node:path";
import { create, fromBinary, toBinary } from "../../lib/npm/protobuf.ts";
import { ModelProtoSchema } from "../../models/graph/onnx_pb.ts";

/** New names of tensors, by the old ones. */
type Names = Readonly<Record<string, string>>;

/**
 * Writes `onnx/encoder_model.onnx`, `onnx/decoder_model.onnx` and `config.json`.
 *
 * @param codec The folder of a converted codec of two graphs.
 */
export function writeReadyExport(codec: string, folder: string, config: unknown): void {
  Deno.mkdirSync(join(folder, "onnx"), { recursive: true });
  const codes: Names = Object.fromEntries([
    ["codes", "audio_codes"],
    ...[1, 2, 3, 4].map((layer) => [`codes_${layer}`, `audio_codes.${layer - 1}`]),
  ]);
  rename(codec, folder, "encoder", { ...codes, audio: "input_values" });
  rename(codec, folder, "decoder", { ...codes, audio: "audio_values" });
  Deno.writeTextFileSync(join(folder, "config.json"), JSON.stringify(config));
}

function rename(from: string, to: string, graphName: "encoder" | "decoder", names: Names): void {
  const model = fromBinary(
    ModelProtoSchema,
    Deno.readFileSync(join(from, `${graphName}.onnx`)),
  );
  const named = (name: string) => names[name] ?? name;
  const graph = model.graph;
  for (const node of graph?.node ?? []) {
    node.input = node.input.map(named);
    node.output = node.output.map(named);
  }
  for (const value of [...graph?.input ?? [], ...graph?.output ?? []]) {
    value.name = named(value.name);
  }
  for (const { externalData } of graph?.initializer ?? []) {
    for (const entry of externalData) {
      if (entry.key === "location") entry.value = `${graphName}_model.onnx_data`;
    }
  }
  const path = join(to, "onnx", `${graphName}_model.onnx`);
  Deno.writeFileSync(path, toBinary(ModelProtoSchema, create(ModelProtoSchema, model)));
  Deno.copyFileSync(join(from, `${graphName}.onnx_data`), `${path}_data`);
}

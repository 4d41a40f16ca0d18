import assert from "node:assert/strict";
import { chooseFiles } from "../../../models/convert/choose_files.ts";
import { localModel } from "../../../models/convert/model_files.ts";
import { openModel } from "../../../models/convert/open_model.ts";
import { safetensorsFile } from "../../support/safetensors_writer.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const TENSORS = new Map([["x", { dtype: "F32", shape: [1], bytes: new Uint8Array(4) }]]);

/** The config of a model in a folder. */
async function configOf(folder: TemporaryFolder) {
  const files = localModel(folder.path);
  const chosen = chooseFiles(files);
  assert.ok(chosen.kind !== "export");
  using opened = await openModel(files, chosen);
  return opened.model.config;
}

Deno.test("notes in a safetensors file are no config; a file beside it is", async () => {
  using folder = new TemporaryFolder();
  Deno.writeFileSync(folder.file("codec.safetensors"), safetensorsFile(TENSORS, { format: "pt" }));
  assert.equal(await configOf(folder), null);
  Deno.writeTextFileSync(folder.file("config.json"), '{"model_type": "x"}');
  assert.deepEqual(await configOf(folder), { "model_type": "x" });
});

Deno.test("what a PyTorch file holds beside its weights is a config", async () => {
  using folder = new TemporaryFolder();
  Deno.copyFileSync("tests/data/checkpoints/dac/original/weights.pth", folder.file("weights.pth"));
  const config = await configOf(folder);
  assert.ok(config !== null && typeof config["metadata"] === "object");
});

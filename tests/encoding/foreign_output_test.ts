import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../../lib/config/load.ts";
import { encode } from "../../lib/encode.ts";
import { RunConflictError } from "../../lib/errors.ts";
import { temporaryDirectory } from "../support/temporary_directory.ts";

Deno.test("a folder of something else is refused before the Hub is asked, and left as it is", async () => {
  using directory = temporaryDirectory();
  Deno.writeTextFileSync(join(directory.path, "README.md"), "precious");
  const flags = { input: ["hf://datasets/org/speech"], hfUpload: "org/tokens", devices: "cpu" };
  const config = await loadConfig({ flags: { ...flags, output: directory.path }, cwd: "/" });
  const unasked = () => Promise.reject(new Error("the Hub was asked"));
  const run = encode(config, { hub: { environment: () => undefined, fetch: unasked } });
  await assert.rejects(Array.fromAsync(run), RunConflictError);
  assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name), ["README.md"]);
});

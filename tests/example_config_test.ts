import assert from "node:assert/strict";
import { UsageError } from "../lib/errors.ts";
import { configFile } from "../lib/example_config.ts";

Deno.test("configFile() takes what was named, and needs none with an input", () => {
  assert.deepEqual(configFile("run.yaml", {}), { path: "run.yaml", notice: null });
  assert.deepEqual(configFile(undefined, { input: ["x"] }), { path: undefined, notice: null });
  assert.deepEqual(configFile(undefined, { datasets: "[]" }), { path: undefined, notice: null });
});

Deno.test("configFile() falls back to the example that comes along, and says so", () => {
  const { path, notice } = configFile(undefined, {});
  assert.ok(path !== undefined && Deno.statSync(path).isFile);
  assert.ok(notice?.includes(path));
});

Deno.test("configFile() asks for --input where the program came from a URL", () => {
  const example = new URL("https://example.org/speechmill/examples/config.yaml");
  assert.throws(
    () => configFile(undefined, {}, example),
    (error) => error instanceof UsageError && error.message.includes("--input"),
  );
});

/** Writes the pages that are made from tables in the code: `deno run -A docs/generate.ts`. */

import { settingsJsonSchema, settingsPage } from "../lib/config/describe.ts";

/** The generated files of this folder, with their content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["settings.md", settingsPage()],
    ["run-config.schema.json", `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`],
  ]);
}

if (import.meta.main) {
  for (const [name, content] of generatedFiles()) {
    await Deno.writeTextFile(new URL(name, import.meta.url), content);
  }
}

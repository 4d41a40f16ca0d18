import assert from "node:assert/strict";
import { commandPages, withFlagTable } from "./flag_tables.ts";

for (const { url, command } of commandPages()) {
  const name = command.name();
  Deno.test(`docs/commands/${name}.md holds the flags of ${name}`, () => {
    const page = Deno.readTextFileSync(url);
    assert.equal(
      page,
      withFlagTable(page, command),
      "Write it anew with 'deno run -A tests/tasks/flag_tables.ts'",
    );
  });
}

Deno.test("docs/commands/README.md names every command", () => {
  const index = Deno.readTextFileSync(new URL("../../docs/commands/README.md", import.meta.url));
  for (const { command } of commandPages()) {
    assert.ok(index.includes(`[${command.name()}](${command.name()}.md)`));
  }
});

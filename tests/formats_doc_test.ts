import assert from "node:assert/strict";
import { FAILURE_REASONS } from "../lib/errors.ts";
import { Ledger } from "../lib/run/ledger.ts";
import { CLIPS, smallRun } from "./support/small_run.ts";

const DOCUMENT = Deno.readTextFileSync("docs/formats.md");

/** The text between a heading and the next of its rank. */
function section(heading: string): string {
  const start = DOCUMENT.indexOf(`\n## ${heading}\n`);
  assert.notEqual(start, -1, `docs/formats.md has no section '${heading}'`);
  const end = DOCUMENT.indexOf("\n## ", start + 1);
  return DOCUMENT.slice(start, end === -1 ? undefined : end);
}

function assertNames(heading: string, names: Iterable<string>): void {
  const text = section(heading);
  const missing = [...names].filter((name) => !text.includes(`\`${name}\``));
  assert.deepEqual(missing, [], `docs/formats.md, '${heading}', does not explain them`);
}

function firstCells(heading: string): string[] {
  return [...section(heading).matchAll(/^\| `([^`|]+)` \|/gm)].map((match) => match[1] ?? "");
}

/** `model.codec` as such, arrays by their elements, and objects of figures by their own name. */
function fieldsOf(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const nested = fieldsOf(inner, `${prefix}${name}.`);
    return nested.length === 0 ? [prefix + name] : nested;
  });
}

Deno.test("docs/formats.md explains every reason of failed.jsonl, and no other", () => {
  assertNames("failed.jsonl", FAILURE_REASONS);
  const fields = ["id", "place", "audio", "stage", "reason", "detail", "attempts"];
  assert.deepEqual(firstCells("failed.jsonl"), [...fields, ...FAILURE_REASONS]);
});

Deno.test("docs/formats.md explains every type of event, and no other", () => {
  const source = ["events.ts", "event_tally.ts"]
    .map((name) => Deno.readTextFileSync(`lib/run/${name}`)).join("");
  const types = [...source.matchAll(/readonly type: "([a-z_]+)"/g)].map((match) => match[1] ?? "");
  assert.ok(types.length > 10);
  // Batches are in the log as the sums that 'work' gives.
  const logged = types.filter((type) => type !== "batch");
  assert.deepEqual(firstCells("events.jsonl").sort(), logged.sort());
});

Deno.test("docs/formats.md explains every table of the ledger and its columns", () => {
  using ledger = Ledger.create(":memory:");
  const tables = ledger.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
  ).map(({ name }) => name);
  assert.deepEqual(firstCells("The ledger").sort(), tables);
  for (const table of tables) {
    const line = section("The ledger").split("\n").find((row) =>
      row.startsWith(`| \`${table}\` |`)
    );
    const columns = ledger.all<{ name: string }>("SELECT name FROM pragma_table_info(?)", table);
    const missing = columns.filter(({ name }) => !line?.includes(`\`${name}\``));
    assert.deepEqual(missing, [], table);
  }
});

Deno.test("docs/formats.md explains every field that a run writes", async () => {
  const samples = ["gone", ...CLIPS].map((clip) => ({ id: clip, clip }));
  using small = await smallRun({ samples });
  const manifest = JSON.parse(Deno.readTextFileSync(small.paths.manifest));
  const { model, files, ...rest } = manifest;
  assertNames("manifest.json", [
    ...fieldsOf(rest),
    ...["model", "files", ...fieldsOf(model), ...fieldsOf(files[0])],
  ]);
  const { reasons: _, filters: __, session: ___, splits, ...stats } = JSON.parse(
    Deno.readTextFileSync(small.paths.stats),
  );
  assertNames("stats.json", [...fieldsOf(stats), "reasons", "filters", ...fieldsOf(splits[0])]);
  const [line = ""] = Deno.readTextFileSync(small.paths.failed).split("\n");
  assertNames("failed.jsonl", fieldsOf(JSON.parse(line)));
  const columns: { readonly name: string }[] = manifest.columns;
  const own = columns.map(({ name }) => name).filter((name) =>
    name !== "corpus" && !name.includes("_layer_")
  );
  assertNames("Rows", own);
});

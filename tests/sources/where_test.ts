import assert from "node:assert/strict";
import { jsonlSource } from "../../lib/sources/jsonl.ts";
import { openTable } from "../../lib/sources/table.ts";
import { isTaken, isTextTaken } from "../../lib/sources/where.ts";
import { Fixture, summaryOf } from "./fixture.ts";

Deno.test("isTaken() takes rows whose every column has its value, or one of its values", () => {
  const row: Record<string, unknown> = { a: "x", n: 1, none: null, yes: true };
  const taken = (where: Parameters<typeof isTaken>[0]) => isTaken(where, (column) => row[column]);
  assert.ok(taken({}));
  assert.ok(taken({ a: "x", n: 1, none: null, yes: true }));
  assert.ok(taken({ a: ["y", "x"] }));
  assert.ok(!taken({ a: "x", n: 2 }));
  assert.ok(!taken({ n: "1" }));
  assert.ok(!taken({ other: null }));
});

Deno.test("isTextTaken() compares the text of cells; an empty cell is null", () => {
  const row: Record<string, string | null> = { n: "1", none: null };
  const taken = (where: Parameters<typeof isTextTaken>[0]) =>
    isTextTaken(where, (column) => row[column] ?? null);
  assert.ok(taken({ n: 1 }));
  assert.ok(taken({ n: ["1", "2"], none: null }));
  assert.ok(!taken({ n: true }));
});

const LINES = '{"id":"a","text":"x","dialect":"north"}\n{"id":"b","text":"y"}\n' +
  '{"id":"c","text":"z","dialect":"south"}\nbroken\n';

Deno.test("jsonlSource() leaves out and counts lines that a filter does not take", async () => {
  using fixture = new Fixture({ "m.jsonl": LINES });
  const path = fixture.path("m.jsonl");
  const items = await summaryOf(jsonlSource({ path, where: { dialect: ["north", "west"] } }));
  assert.deepEqual(items.slice(0, 2), ["excluded 2", "a"]);
  assert.match(items[2] ?? "", /^reject m.jsonl:4: it is not JSON/);
});

Deno.test("jsonlSource() says that no line has the field of a filter", async () => {
  using fixture = new Fixture({ "m.jsonl": LINES });
  const source = jsonlSource({ path: fixture.path("m.jsonl"), where: { accent: "north" } });
  await assert.rejects(summaryOf(source), /m.jsonl' by 'accent': no line has such a field/);
});

Deno.test("openTable() filters by a column of its header, and names those it has", async () => {
  using fixture = new Fixture({ "t.csv": "id,text,dialect\na,x,north\nb,y,south\nc,z,\n" });
  const path = fixture.path("t.csv");
  const listed = async (where: Record<string, string | null>) =>
    await summaryOf(await openTable({ path, where }));
  assert.deepEqual(await listed({ dialect: "north" }), ["excluded 2", "a"]);
  assert.deepEqual(await listed({ dialect: null }), ["excluded 2", "c"]);
  await assert.rejects(
    listed({ dialekt: "north" }),
    /by 'dialekt': it has 'id', 'text', 'dialect', did you mean 'dialect'/,
  );
});

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type AudioPart, writePart } from "../../lib/audio/part.ts";
import { Regions } from "../../workers/regions.ts";

const CELLS = fileURLToPath(new URL("../fixtures/cells/default.parquet", import.meta.url));

Deno.test("Regions tells row groups of Parquet files apart, and nothing else", () => {
  const regions = new Regions();
  const of = (audio: string | null, part: AudioPart | null) =>
    regions.of({ audio, part: part === null ? null : writePart(part) });
  const row = (row: number, audio = CELLS) => of(audio, { kind: "parquet", row, column: "audio" });
  assert.equal(row(0), row(24));
  assert.notEqual(row(24), row(25));
  assert.equal(row(50), row(59));
  assert.equal(row(0, "/no/such.parquet"), row(70, "/no/such.parquet"));
  assert.notEqual(row(0), row(0, "/no/such.parquet"));
  assert.equal(of("/a.flac", null), null);
  assert.equal(of(null, null), null);
  assert.equal(of("/a.tar", { kind: "range", offset: 0, size: 1, name: null }), null);
});

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type AudioPart, writePart } from "../../lib/audio/part.ts";
import { Regions } from "../../workers/regions.ts";

function cells(name: string): string {
  return fileURLToPath(new URL(`../fixtures/cells/${name}.parquet`, import.meta.url));
}

function regionOf(regions: Regions, audio: string | null, part: AudioPart | null): string | null {
  return regions.of({ audio, part: part === null ? null : writePart(part) });
}

const row = (row: number): AudioPart => ({ kind: "parquet", row, column: "audio" });

Deno.test("Regions tells row groups of large pages apart", () => {
  const regions = new Regions(500);
  for (const name of ["plain", "lengths_first"]) {
    const of = (number: number) => regionOf(regions, cells(name), row(number));
    assert.notEqual(of(0), null, name);
    assert.deepEqual([of(0), of(25), of(50)], [of(24), of(49), of(59)], name);
    assert.equal(new Set([of(0), of(25), of(50)]).size, 3, name);
  }
  const [one, other] = ["plain", "lengths_first"].map((name) =>
    regionOf(regions, cells(name), row(0))
  );
  assert.notEqual(one, other);
});

Deno.test("Regions leaves alone what is read alone, and what costs little to read twice", () => {
  const regions = new Regions();
  assert.equal(regionOf(regions, cells("default"), row(0)), null);
  assert.equal(regionOf(new Regions(500), cells("small_pages"), row(0)), null);
  assert.equal(regionOf(regions, "/no/such.parquet", row(0)), null);
  assert.equal(regionOf(regions, "/a.flac", null), null);
  assert.equal(regionOf(regions, null, null), null);
  const range = { kind: "range", offset: 0, size: 1, name: null } as const;
  assert.equal(regionOf(regions, "/a.tar", range), null);
});

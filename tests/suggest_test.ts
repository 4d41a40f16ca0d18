import assert from "node:assert/strict";
import { closest } from "../lib/suggest.ts";

Deno.test("closest() finds the word that a typing slip stands for", () => {
  const words = ["bundled", "input", "output", "shard-size"];
  for (
    const [typed, meant] of [
      ["bundle", "bundled"],
      ["bundeld", "bundled"],
      ["Bundled", "bundled"],
      ["ouput", "output"],
      ["shardsize", "shard-size"],
    ] as const
  ) assert.equal(closest(typed, words), meant, typed);
});

Deno.test("closest() proposes nothing for a word unlike all others", () => {
  assert.equal(closest("codec", ["bundled", "input"]), null);
  assert.equal(closest("anything", []), null);
});

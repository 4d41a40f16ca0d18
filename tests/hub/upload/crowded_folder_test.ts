import assert from "node:assert/strict";
import { crowdedFolder } from "../../../lib/hub/upload/crowded_folder.ts";

function names(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${folder}/${index}.npy`);
}

Deno.test("crowdedFolder() names a folder with more files than the Hub takes", () => {
  assert.equal(crowdedFolder([...names("data/a", 10_000), ...names("data/b", 10_000)]), null);
  assert.match(
    crowdedFolder([...names("data/a", 3), ...names("data/b", 10_001)]) ?? "",
    /^'data\/b' has 10,001 files, and the Hub takes 10,000 in a folder: .* smaller shard_size/,
  );
});

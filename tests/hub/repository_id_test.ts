import assert from "node:assert/strict";
import { apiPath, cacheFolderName, isRepositoryId, webPath } from "../../lib/hub/repository_id.ts";

Deno.test("isRepositoryId() tells ids from folders and other names", () => {
  for (const id of ["hubertsiuzdak/snac_24khz", "nvidia/a-b.c", "_a/b_", "A/1"]) {
    assert.ok(isRepositoryId(id), id);
  }
  const others = ["bundled", "./a", "../a", "/a/b", "a/b/c", "a/", "a/b--c", "a/b..c", "a/.b"];
  for (const reference of [...others, "a/-b", "a b/c", "C:\\a", `a/${"b".repeat(95)}`, ""]) {
    assert.ok(!isRepositoryId(reference), reference);
  }
});

Deno.test("addresses and cache folders follow from the type of a repository", () => {
  const id = "org/name";
  for (
    const [type, api, web, folder] of [
      ["model", "api/models/org/name", "org/name", "models--org--name"],
      ["dataset", "api/datasets/org/name", "datasets/org/name", "datasets--org--name"],
    ] as const
  ) {
    const repository = { type, id };
    assert.deepEqual(
      [apiPath(repository), webPath(repository), cacheFolderName(repository)],
      [api, web, folder],
    );
  }
});

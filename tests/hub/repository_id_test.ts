import assert from "node:assert/strict";
import {
  apiPath,
  cacheFolderName,
  isRepositoryId,
  parseRepository,
  webPath,
} from "../../lib/hub/repository_id.ts";

Deno.test("isRepositoryId() tells ids from folders and other names", () => {
  for (const id of ["hubertsiuzdak/snac_24khz", "nvidia/a-b.c", "_a/b_", "A/1"]) {
    assert.ok(isRepositoryId(id), id);
  }
  const others = ["bundled", "./a", "../a", "/a/b", "a/b/c", "a/", "a/b--c", "a/b..c", "a/.b"];
  for (const reference of [...others, "a/-b", "a b/c", "C:\\a", `a/${"b".repeat(95)}`, ""]) {
    assert.ok(!isRepositoryId(reference), reference);
  }
});

Deno.test("parseRepository() reads the revision behind an id", () => {
  assert.deepEqual(parseRepository("org/name"), { id: "org/name" });
  for (const revision of ["main", "v1.0", "refs/pr/3", "0123456789abcdef"]) {
    assert.deepEqual(parseRepository(`org/name@${revision}`), { id: "org/name", revision });
  }
  for (const reference of ["bundled", "org/name@", "@main", "org@main", "org/name@a b", "./a@b"]) {
    assert.equal(parseRepository(reference), null, reference);
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

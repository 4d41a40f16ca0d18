import assert from "node:assert/strict";
import { codecDigests, codecIds, codecSpec, loadCodec } from "../../models/registry.ts";

Deno.test("codecSpec() gives the facts of each known codec", () => {
  assert.deepEqual(codecIds(), ["bundled"]);
  for (const id of codecIds()) {
    const spec = codecSpec(id);
    assert.equal(spec.id, id);
    assert.match(spec.name, /^[a-z][a-z0-9_]*$/);
    for (const hop of spec.hopLengths) assert.equal(spec.paddingUnit % hop, 0);
    assert.equal((spec.context ?? 0) % spec.paddingUnit, 0);
  }
});

Deno.test("codecSpec() throws for an unknown codec and proposes the nearest", () => {
  assert.throws(() => codecSpec("bundeld"), {
    name: "UsageError",
    message: "Cannot find codec 'bundeld', did you mean 'bundled': " +
      "the known ones are bundled; a folder is written './folder', " +
      "a repository on the Hugging Face Hub 'organisation/name'",
  });
  assert.throws(() => codecSpec("mimi"), /^UsageError: Cannot find codec 'mimi': the known/);
});

Deno.test("codecDigests() equals the digest of the opened codec", async () => {
  await using codec = await loadCodec("bundled");
  assert.deepEqual(await codecDigests("bundled"), {
    digest: codec.digest,
    encoderDigest: codec.encoderDigest,
  });
  assert.match(codec.digest, /^[0-9a-f]{64}$/);
});

Deno.test("loadCodec() throws for an unknown codec", async () => {
  await assert.rejects(loadCodec("nothing"), { name: "UsageError" });
});

import assert from "node:assert/strict";
import { withConstants } from "../../lib/sources/with_constants.ts";
import { listSource, sampleOf } from "../support/list_source.ts";
import { samplesIn } from "./fixture.ts";

const SOURCE = listSource([
  sampleOf("a", { speaker: "from data" }),
  { kind: "reject", id: "b", place: "list:2", detail: "no" },
]);

Deno.test("withConstants() puts a constant speaker in the place of the data's", async () => {
  const source = withConstants(SOURCE, { speaker: "anna", lang: "de" });
  const [sample] = await samplesIn(source);
  assert.equal(sample?.speaker, "anna");
  assert.equal(sample?.language, null);
  assert.deepEqual(await source.fingerprint(), await SOURCE.fingerprint());
});

Deno.test("withConstants() leaves a source alone where no constant is a field, or it is null", () => {
  assert.equal(withConstants(SOURCE, { lang: "de", speaker: null }), SOURCE);
});

import assert from "node:assert/strict";

Deno.test({
  name: "processEnvironment() counts a variable that may not be read as not set",
  permissions: { env: ["HOME"] },
  async fn() {
    const { processEnvironment } = await import("../lib/environment.ts");
    assert.equal(processEnvironment("SPEECHMILL_CACHE"), undefined);
    assert.equal(processEnvironment("HOME"), Deno.env.get("HOME"));
  },
});

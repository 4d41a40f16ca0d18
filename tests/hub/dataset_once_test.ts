import assert from "node:assert/strict";
import { Once } from "../../lib/hub/dataset/once.ts";

Deno.test("Once begins a piece of work once for all who ask, and again when it has ended", async () => {
  const once = new Once();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let begun = 0;
  const begin = () => gates[begun++]?.promise ?? Promise.resolve();
  const both = Promise.allSettled([once.run("a", begin), once.run("a", begin)]);
  assert.equal(begun, 1);
  let isSettled = false;
  const settled = once.settled("a").then(() => isSettled = true);
  await once.settled("b");
  assert.equal(isSettled, false);
  gates[0]?.reject(new Error("cut"));
  assert.deepEqual((await both).map(({ status }) => status), ["rejected", "rejected"]);
  await settled;
  const again = once.run("a", begin);
  assert.equal(begun, 2);
  gates[1]?.resolve();
  await again;
});

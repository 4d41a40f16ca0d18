import assert from "node:assert/strict";
import { join } from "node:path";
import { cacheFolder } from "../../models/cache_folder.ts";

Deno.test("cacheFolder() takes the first variable that is set", () => {
  const all = { SPEECHMILL_CACHE: "/own", XDG_CACHE_HOME: "/shared", HOME: "/home/me" };
  for (
    const [variables, folder] of [
      [all, "/own"],
      [{ ...all, SPEECHMILL_CACHE: "" }, join("/shared", "speechmill")],
      [{ HOME: "/home/me" }, join("/home/me", ".cache", "speechmill")],
    ] as const
  ) {
    const values = new Map(Object.entries(variables));
    assert.equal(cacheFolder((name) => values.get(name)), folder);
  }
});

Deno.test("cacheFolder() throws where no variable says", () => {
  assert.throws(() => cacheFolder(() => undefined), {
    name: "SpeechmillError",
    message: /set SPEECHMILL_CACHE to a folder$/,
  });
});

import assert from "node:assert/strict";
import { KeptLinks } from "../../lib/hub/kept_links.ts";

const LINK = { url: new URL("https://files.example.org/a?signature=1"), redirect: new Headers() };

Deno.test("KeptLinks keeps a link for some minutes", () => {
  let now = 0;
  const links = new KeptLinks(() => now);
  links.keep("a", LINK);
  now = 9 * 60_000;
  assert.equal(links.get("a")?.url.href, LINK.url.href);
  now = 10 * 60_000;
  assert.equal(links.get("a"), null);
});

Deno.test("KeptLinks keeps so many links and no more", () => {
  const links = new KeptLinks(() => 0);
  for (let file = 0; file < 1000; file++) links.keep(String(file), LINK);
  const kept = Array.from({ length: 1000 }, (_, file) => links.get(String(file)) !== null);
  assert.equal(kept.filter(Boolean).length, 256);
  assert.ok(kept[999] && !kept[0]);
});

Deno.test("KeptLinks keeps none of a server that takes each link once", () => {
  const links = new KeptLinks(() => 0);
  links.keep("a", LINK);
  links.prove("a");
  links.refused("a");
  links.keep("a", LINK);
  assert.notEqual(links.get("a"), null);
  links.refused("a");
  links.keep("a", LINK);
  assert.equal(links.get("a"), null);
});

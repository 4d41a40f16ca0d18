/** One version of everything, wherever it is named. */
import assert from "node:assert/strict";
import { DENO_VERSION, VERSION } from "../lib/version.ts";

const ROOT = new URL("../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function markdownPages(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}${name}`;
    return isDirectory ? markdownPages(`${path}/`) : name.endsWith(".md") ? [path] : [];
  });
}

Deno.test("the version of Deno is the same in README.md, .ci/run and docs", () => {
  for (const path of ["README.md", ".ci/run", ...markdownPages("docs/")]) {
    const versions = [...read(path).matchAll(/\bdeno@(\d[\w.]*)/g)].map((match) => match[1]);
    assert.deepEqual([...new Set(versions)].filter((v) => v !== DENO_VERSION), [], path);
  }
  assert.ok(read("README.md").includes(`deno@${DENO_VERSION}`));
  assert.ok(read(".ci/run").includes(`deno@${DENO_VERSION} task ok`));
});

Deno.test("the version of speechmill is that of deno.json", () => {
  assert.equal(JSON.parse(read("deno.json")).version, VERSION);
});

Deno.test("packages have the pins of deno.json, and are named in lib/npm alone", () => {
  const pinned = new Set<string>(Object.values(JSON.parse(read("deno.json")).imports));
  const named = new Set<string>();
  for (const { name } of Deno.readDirSync(new URL("lib/npm/", ROOT))) {
    if (!name.endsWith(".ts")) continue;
    for (
      const [specifier] of read(`lib/npm/${name}`).matchAll(/npm:(@[\w.-]+\/)?[\w.-]+@[\w.-]+/g)
    ) {
      assert.ok(pinned.has(specifier), `${name} names '${specifier}'`);
      named.add(specifier);
    }
  }
  // commander is the peer of its typings: pinned, though nobody imports it.
  named.add("npm:commander@15.1.0");
  assert.deepEqual([...pinned].filter((specifier) => !named.has(specifier)), []);
});

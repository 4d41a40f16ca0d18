import assert from "node:assert/strict";
import { type LayoutCodec, LAYOUTS } from "../../lib/layouts/layout.ts";
import { makeLayout } from "../../lib/layouts/registry.ts";
import { ENCODEC } from "./codecs.ts";

const DOCUMENT = Deno.readTextFileSync("docs/layouts.md");

/** The cells of the table's row for each layout. */
const ROWS = new Map(
  DOCUMENT.split("\n").filter((line) => /^\| `\w+` \| (`tokens`|one a codebook) \|/.test(line))
    .map((line) => {
      const [name = "", ...cells] = line.split(" | ").map((cell) =>
        cell.replaceAll(/^\| | \|$/g, "")
      );
      return [name.replaceAll("`", ""), cells] as const;
    }),
);

Deno.test("docs/layouts.md explains every layout, and its examples are what is written", () => {
  assert.deepEqual([...ROWS.keys()], [...LAYOUTS]);
  const codec: LayoutCodec = { ...ENCODEC, codebookSize: 1024 };
  for (const name of LAYOUTS) {
    if (name === "orpheus" || name === "kani") continue;
    const lists = makeLayout(name, codec).arrange([[1, 2], [11, 12]]);
    const written = lists.map((list) => `\`${list.join(" ")}\``).join(" / ");
    assert.equal(ROWS.get(name)?.at(-1), written, name);
  }
});

Deno.test("docs/layouts.md explains every field of vocabulary.json", () => {
  const { ranges, specials, ...rest } = makeLayout("delay", ENCODEC).vocabulary();
  assert.ok(Array.isArray(ranges) && Array.isArray(specials));
  const names = [
    ...["columns", "ranges", "specials", "slot", ...Object.keys(rest)],
    ...[ranges[0], specials[0]].flatMap((item) => Object.keys(item)),
  ];
  const [, section = ""] = DOCUMENT.split("\n## vocabulary.json\n");
  assert.deepEqual(names.filter((name) => !section.includes(`\`${name}\``)), []);
});

/** Every link between the pages leads somewhere. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";

const ROOT = new URL("../", import.meta.url);

function pages(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return pages(`${folder}${name}/`);
    return name.endsWith(".md") ? [`${folder}${name}`] : [];
  });
}

/** The place of a heading, as GitHub names it. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

function brokenLinks(page: string): string[] {
  const url = new URL(page, ROOT);
  const text = Deno.readTextFileSync(url);
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return false;
    const [, anchor] = target.split("#");
    const file = new URL(target, url);
    file.hash = "";
    if (!existsSync(file)) return true;
    if (anchor === undefined) return false;
    const headings = Deno.readTextFileSync(file).matchAll(/^#+ (.+)$/gm);
    return !headings.map((match) => anchorOf(match[1] ?? "")).toArray().includes(anchor);
  });
}

const PAGES = [
  "README.md",
  "CHANGELOG.md",
  ...["docs/", "examples/", "models/", "lib/npm/", "tests/data/"].flatMap(pages),
];

for (const page of PAGES) {
  Deno.test(`the links of ${page} lead somewhere`, () => {
    assert.deepEqual(brokenLinks(page), []);
  });
}

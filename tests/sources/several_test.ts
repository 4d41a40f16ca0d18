import assert from "node:assert/strict";
import { limitedSource } from "../../lib/sources/limited.ts";
import { severalSources } from "../../lib/sources/several.ts";
import type { Source, SourceItem } from "../../lib/sources/source.ts";
import { blockSource, FakeBlocks } from "../support/fake_blocks.ts";
import { listSource, sampleOf } from "../support/list_source.ts";

const reject: SourceItem = { kind: "reject", id: null, place: "line 2", detail: "no sample" };

function shares(...sources: readonly Source[]): { source: Source; maxSamples: null }[] {
  return sources.map((source) => ({ source, maxSamples: null }));
}

/** `0 a` for a sample of the first dataset, the kind of what is no sample. */
async function listed(source: Source): Promise<string[]> {
  const items = await Array.fromAsync(source.list());
  return items.map((item) =>
    item.kind === "sample" ? `${item.sample.origin} ${item.sample.id}` : item.kind
  );
}

Deno.test("severalSources() lists one source after the other, and numbers their datasets", async () => {
  const [one, other] = [[sampleOf("a"), reject], [sampleOf("b", { origin: 7 })]].map(listSource);
  const several = severalSources(shares(one!, other!));
  assert.deepEqual(await listed(several), ["0 a", "reject", "1 b"]);
  assert.equal((await several.fingerprint()).length, 2);
});

Deno.test("severalSources() leaves origins alone where the sources are one dataset", async () => {
  const sources = [listSource([sampleOf("a", { origin: 3 })]), listSource([sampleOf("b")])];
  const several = severalSources(shares(...sources), { areOneDataset: true });
  assert.deepEqual(await listed(several), ["3 a", "undefined b"]);
});

Deno.test("severalSources() takes only so many samples of each", async () => {
  const source = listSource([sampleOf("a"), reject, sampleOf("b"), reject, sampleOf("c")]);
  const several = severalSources([2, 0, null].map((maxSamples) => ({ source, maxSamples })));
  assert.deepEqual(await listed(several), [
    ...["0 a", "reject", "0 b"],
    ...["2 a", "reject", "2 b", "reject", "2 c"],
  ]);
});

Deno.test("severalSources() is sequential if one of its sources is", () => {
  const plain = listSource([]);
  const sequential = limitedSource({ ...plain, isSequential: true }, 5);
  assert.equal(severalSources(shares(plain, plain)).isSequential, false);
  assert.equal(severalSources(shares(plain, sequential)).isSequential, true);
});

Deno.test("severalSources() brings and drops a block by the dataset that it belongs to", async () => {
  const [one, other] = [new FakeBlocks(), new FakeBlocks()];
  const limited = limitedSource(blockSource([], other), 9);
  const { blocks } = severalSources(shares(blockSource([], one), listSource([]), limited));
  const { signal } = new AbortController();
  await blocks?.bring("/a", signal, 0);
  await blocks?.bring("/b", signal, 2);
  await blocks?.drop("/b", 2);
  assert.deepEqual([[...one.onDisk], other.dropped], [["/a"], ["/b"]]);
  await assert.rejects(async () => await blocks?.bring("/c", signal, 1), /dataset 1 has none/);
  assert.equal(severalSources(shares(listSource([]))).blocks, undefined);
});

Deno.test("severalSources() of one dataset has the blocks of its only part that has any", async () => {
  const blocks = new FakeBlocks();
  const parts = shares(listSource([]), blockSource([], blocks));
  const several = severalSources(parts, { areOneDataset: true });
  await several.blocks?.bring("/a", new AbortController().signal, 4);
  assert.deepEqual(blocks.brought, ["/a"]);
  assert.throws(
    () => severalSources([...parts, ...parts], { areOneDataset: true }),
    /more than one of them has blocks/,
  );
});

import assert from "node:assert/strict";
import { CommitBudget } from "../../../lib/hub/upload/commit_budget.ts";
import { commitLimits, planCommits } from "../../../lib/hub/upload/plan_commits.ts";
import fc from "../../../lib/npm/fast_check.ts";

const NOTHING = { data: [], descriptions: [], deletions: [], outdated: null };

function file(name: string, bytes = 1): { name: string; bytes: number } {
  return { name, bytes };
}

Deno.test("planCommits() makes one commit of a small run, and none of nothing", () => {
  const [data, descriptions] = [[file("a"), file("b")], [file("manifest.json")]];
  const plan = planCommits({ ...NOTHING, data, descriptions }, commitLimits(3));
  assert.deepEqual(plan, [{ files: [...data, ...descriptions], deletions: [] }]);
  assert.deepEqual(planCommits(NOTHING, commitLimits(0)), []);
  const removal = planCommits({ ...NOTHING, deletions: ["old"] }, commitLimits(0));
  assert.deepEqual(removal, [{ files: [], deletions: ["old"] }]);
});

Deno.test("planCommits() commits what describes the data, and removals, last", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 });
  const limits = { files: 4, bytes: 40 };
  fc.assert(fc.property(sizes, fc.integer({ min: 0, max: 3 }), (bytes, count) => {
    const data = bytes.map((size, index) => file(`data-${index}`, size));
    const descriptions = Array.from({ length: count }, (_, index) => file(`about-${index}`));
    const deletions = ["old"];
    const commits = planCommits({ ...NOTHING, data, descriptions, deletions }, limits);
    assert.deepEqual(commits.flatMap(({ files }) => files), [...data, ...descriptions]);
    for (const [index, { files, deletions: removed }] of commits.entries()) {
      const isLast = index === commits.length - 1;
      const own = files.filter(({ name }) => name.startsWith("data-"));
      assert.ok(isLast || own.length === files.length);
      assert.deepEqual(removed, isLast ? deletions : []);
      assert.ok(files.length <= limits.files);
      assert.ok(own.length <= 1 || own.reduce((sum, { bytes }) => sum + bytes, 0) <= limits.bytes);
    }
  }));
});

Deno.test("planCommits() removes a manifest that no longer holds with the first of several commits", () => {
  const data = [file("a"), file("b")];
  const contents = { ...NOTHING, data, descriptions: [file("manifest.json")] };
  const outdated = "manifest.json";
  const several = planCommits({ ...contents, outdated }, { files: 1, bytes: 10 });
  assert.deepEqual(several.map(({ deletions }) => deletions), [[outdated], [], []]);
  const one = planCommits({ ...contents, outdated }, commitLimits(3));
  assert.deepEqual(one.map(({ deletions }) => deletions), [[]]);
});

Deno.test("commitLimits() keeps commits few, however many files there are", () => {
  assert.equal(commitLimits(10).files, 50);
  assert.equal(commitLimits(6000).files, 100);
  assert.equal(commitLimits(10_000_000).files, 1000);
});

Deno.test("CommitBudget lets so many commits pass in any hour", () => {
  let now = 0;
  const budget = new CommitBudget(() => now, 2);
  assert.equal(budget.pause(), 0);
  budget.spend();
  now = 1000;
  budget.spend();
  assert.equal(budget.pause(), 3_599_000);
  now += budget.pause();
  assert.equal(budget.pause(), 0);
  budget.spend();
  assert.equal(budget.pause(), 1000);
});

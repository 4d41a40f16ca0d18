import assert from "node:assert/strict";
import { latestProgress } from "../lib/latest_progress.ts";

async function drain<Report, Result>(stream: AsyncGenerator<Report, Result>) {
  const reports: Report[] = [];
  while (true) {
    const { done, value } = await stream.next();
    if (done) return { reports, result: value };
    reports.push(value);
  }
}

Deno.test("latestProgress() yields the newest report and returns the result", async () => {
  const { reports, result } = await drain(latestProgress(async (report: (n: number) => void) => {
    report(1);
    report(2);
    await new Promise((resolve) => setTimeout(resolve));
    report(3);
    return "done";
  }));
  assert.deepEqual(reports, [2, 3]);
  assert.equal(result, "done");
});

Deno.test("latestProgress() works without a report, and throws what was thrown", async () => {
  assert.deepEqual(await drain(latestProgress(() => Promise.resolve(7))), {
    reports: [],
    result: 7,
  });
  await assert.rejects(drain(latestProgress(() => Promise.reject(new Error("broken")))), /broken/);
});

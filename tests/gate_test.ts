import assert from "node:assert/strict";
import { readOutcome } from "./gate.ts";

Deno.test("readOutcome() reads the last summary of a test run", () => {
  const text = "ok | 3 passed | 0 failed (1s)\n\nFAILED | 410 passed (7 steps) | 2 failed (3s)\n";
  assert.deepEqual(readOutcome(text, 1), { passed: 410, failed: 2 });
});

Deno.test("readOutcome() counts a run that broke off, or leaked, as failed", () => {
  assert.deepEqual(readOutcome("error: Module not found", 1), { passed: 0, failed: 1 });
  assert.deepEqual(readOutcome("ok | 3 passed | 0 failed (1s)", 1), { passed: 3, failed: 1 });
});

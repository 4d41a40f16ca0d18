/**
 * The gate: `deno task ok`. Format, lint, types, tests with leak tracing, documentation examples.
 * Its last line is `N passed, N failed`, for people and for `.ci/run`.
 */

/** One step, run by the Deno that runs this: there may be no `deno` on the path. */
interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

/** How a step ended. */
interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const STEPS: readonly Step[] = [
  { name: "format", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint", "--quiet"] },
  { name: "types", args: ["check", "--quiet", "."] },
];

const TESTS: Step = {
  name: "tests",
  args: ["test", "--allow-all", "--doc", "--trace-leaks", "--parallel", "--quiet"],
};

/** Runs a step; its output goes through as it comes, and is kept. */
async function run({ name, args }: Step): Promise<{ code: number; text: string }> {
  console.log(`== ${name}: deno ${args.join(" ")}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    Deno.stdout.writeSync(new TextEncoder().encode(part));
    text += part;
  }
  return { code: (await child.status).code, text };
}

/** Sums up `ok | 12 passed (3 steps) | 0 failed`; a run that did not come so far has failed. */
export function readOutcome(text: string, code: number): Outcome {
  const summary = [...text.matchAll(/\| (\d+) passed.*\| (\d+) failed/g)].at(-1);
  const passed = Number(summary?.[1] ?? 0);
  const failed = Number(summary?.[2] ?? 0);
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}

async function main(): Promise<number> {
  let [passed, failed] = [0, 0];
  for (const step of STEPS) {
    const { code } = await run(step);
    if (code === 0) passed++;
    else failed++;
  }
  const { code, text } = await run(TESTS);
  const outcome = readOutcome(text, code);
  passed += outcome.passed;
  failed += outcome.failed;
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());

import assert from "node:assert/strict";
import { type Caller, invocation, shellWord } from "../../tasks/invocation.ts";

function caller(env: Record<string, string>, change: Partial<Caller> = {}): Caller {
  return {
    env: (name) => env[name],
    mainModule: "file:///home/me/speechmill/mod.ts",
    cwd: "/home/me/speechmill",
    denoVersion: "2.9.6",
    ...change,
  };
}

const TASK = { INIT_CWD: "/home/me/speechmill" };
const NPX = { ...TASK, ["npm_command"]: "exec" };

Deno.test("invocation() tells a task from an installed program", () => {
  assert.equal(invocation(caller({})), "speechmill");
  assert.equal(invocation(caller(TASK)), "deno task");
  assert.equal(invocation(caller(NPX)), "npx -y deno@2.9.6 task");
});

Deno.test("invocation() is not misled by another project's task or by a URL", () => {
  assert.equal(invocation(caller(NPX, { cwd: "/home/me/other" })), "speechmill");
  assert.equal(invocation(caller(NPX, { mainModule: "https://x.org/mod.ts" })), "speechmill");
});

Deno.test("shellWord() quotes what a shell would take apart", () => {
  assert.equal(shellWord("speechmill-out/a.b"), "speechmill-out/a.b");
  assert.equal(shellWord("my run's"), `'my run'\\''s'`);
});

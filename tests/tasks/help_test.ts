import assert from "node:assert/strict";
import { VERSION } from "../../lib/version.ts";
import { runLine } from "./fixture.ts";

const COMMANDS = [
  "encode",
  "resume",
  "status",
  "verify",
  "decode",
  "upload",
  "convert",
  "doctor",
  "complete",
];

Deno.test("--help of the program", async (t) => {
  const { code, out, err } = await runLine("--help");
  assert.equal(code, 0);
  assert.equal(err, "");
  await t.assertSnapshot(out);
});

for (const command of COMMANDS) {
  Deno.test(`--help of ${command}`, async (t) => {
    const { code, out } = await runLine(command, "--help");
    assert.equal(code, 0);
    await t.assertSnapshot(out);
  });
}

Deno.test("--help of the program names every command, and not the hidden one", async () => {
  const { out } = await runLine("--help");
  const named = [...out.matchAll(/^ {2}(\w+) .*(?:\[|<)/gm)].map((match) => match[1]);
  assert.deepEqual(named, COMMANDS);
  assert.ok(!out.includes("__worker"));
});

Deno.test("--version prints the version alone", async () => {
  assert.deepEqual(await runLine("--version"), { code: 0, out: `${VERSION}\n`, err: "" });
});

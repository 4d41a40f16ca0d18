/** The command `upload`, as a process of its own. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { EXIT } from "../../lib/errors.ts";
import { refuse } from "../support/hub_server.ts";
import { TOKEN } from "../support/hub_session.ts";
import { TARGET, UploadSessionOfTest } from "../support/upload_session.ts";
import { runLine } from "./fixture.ts";

const PROGRAM = fileURLToPath(new URL("../../mod.ts", import.meta.url));

function upload(session: UploadSessionOfTest, ...flags: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", PROGRAM, "upload", session.directory, TARGET, ...flags],
    env: { ...Object.fromEntries(session.variables), NO_COLOR: "1" },
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
}

async function outcome(
  child: Deno.ChildProcess,
): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await child.output();
  const [out, err] = [new TextDecoder().decode(stdout), new TextDecoder().decode(stderr)];
  assert.ok(!`${out}${err}`.includes(TOKEN));
  return { code, out, err };
}

Deno.test("upload says what it uploaded, and what it tried again", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.faults.push(() => refuse(503, "", { "retry-after": "0" }));
  const first = await outcome(upload(session, "--public", "--verbose"));
  assert.equal(first.code, EXIT.done, first.err);
  const count = Object.keys(session.local()).length;
  const url = `${session.server.endpoint}/datasets/${TARGET}`;
  assert.match(first.out, new RegExp(`^Uploaded ${count} files, [\\d.]+ kB, in 1 commit\n`));
  assert.ok(
    first.out.endsWith(`  dataset   ${url}\n  verified  ${count} files by size and hash\n`),
  );
  assert.match(first.err, /^Trying again: the server '.*' answers 503$/m);
  assert.match(first.err, new RegExp(`^Committed ${count} files, [\\d.]+ kB: \\w{8}$`, "m"));
  assert.equal(session.server.uploads.repositories.get(TARGET)?.isPrivate, false);
  const again = await outcome(upload(session));
  assert.match(again.out, new RegExp(`^Nothing to upload: all of ${count} files are there\n`));
});

Deno.test("upload ends with 75 at Ctrl-C, and goes on from there", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.faults.push((seen) => {
    if (!seen.path.endsWith("/commit/main")) return null;
    child.kill("SIGINT");
    return refuse(503, "", { "retry-after": "60" });
  });
  const child = upload(session);
  const { code, err } = await outcome(child);
  assert.equal(code, EXIT.stopped, err);
  assert.match(err, /^Stopping: what is there stays/m);
  assert.match(err, /^error: Cannot finish the upload .* run the command again to go on$/m);
});

Deno.test("upload ends with 2 where there is no run, and where the name is none", async () => {
  const none = await runLine("upload", "/nowhere", TARGET);
  assert.equal(none.code, EXIT.usage);
  assert.match(none.err, /Cannot open the run '\/nowhere': there is no such folder/);
  await using session = await UploadSessionOfTest.open();
  const name = await runLine("upload", session.directory, "digits");
  assert.equal(name.code, EXIT.usage);
  assert.match(name.err, /Cannot upload to 'digits': its name is no 'org\/name'/);
});

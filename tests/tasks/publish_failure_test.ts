/** A run of days that is whole, and cannot be published. */
import assert from "node:assert/strict";
import { encode } from "../../lib/encode.ts";
import { EXIT } from "../../lib/errors.ts";
import { pathExists } from "../../lib/fs.ts";
import { followRun } from "../../tasks/follow_run.ts";
import { answering } from "../support/hub_faults.ts";
import { refuse } from "../support/hub_server.ts";
import { SpeechHub, TARGET } from "../support/speech_hub.ts";
import { FakeClock, FakeTerminal } from "../terminal/fixture.ts";

Deno.test("a run that cannot be uploaded tells its summary, then how to go on", async () => {
  await using session = new SpeechHub();
  await session.publish();
  session.server.faults.push(
    answering({ path: new RegExp(`${TARGET}/commit/main$`) }, () => refuse(403, "")),
  );
  const [out, err] = [new FakeTerminal(false), new FakeTerminal(false)];
  const context = {
    ...{ out, err, clock: new FakeClock(), program: "speechmill" },
    ...{ exitCode: EXIT.done, verbose: false },
  };
  const config = await session.config();
  const run = followRun(context, session.output, () => encode(config, { hub: session.hub }));
  await assert.rejects(run, {
    name: "SpeechmillError",
    message: /answers 403 .*\nThe run itself is whole: run 'speechmill upload .* to go on$/s,
  });
  assert.match(out.written, /6 of 6 done/);
  assert.match(out.written, /^Next:$/m);
  assert.ok(
    !pathExists(`${session.cache}/runs`) ||
      [...Deno.readDirSync(`${session.cache}/runs`)].length === 0,
  );
});

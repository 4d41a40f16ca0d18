import assert from "node:assert/strict";
import { join } from "node:path";
import type { EncodeEvent } from "../../lib/encoding/events.ts";
import { Publishing } from "../../lib/encoding/publishing.ts";
import { answering } from "../support/hub_faults.ts";
import { refuse } from "../support/hub_server.ts";
import { TARGET, UploadSessionOfTest } from "../support/upload_session.ts";

/** Publishes a finished run to a folder that cannot take it, and to the Hub. */
async function finish(session: UploadSessionOfTest, told: EncodeEvent[]): Promise<void> {
  const { directory: output } = session;
  const saveLocal = join(output, "..", "saved");
  const { config_digest: digest } = JSON.parse(
    Deno.readTextFileSync(session.run.paths.manifest),
  );
  await using publishing = await Publishing.open({
    config: { output, saveLocal, hfUpload: TARGET, hfPublic: false },
    ...{ digest, hub: session.options },
  });
  // Ours, and something lies where a file is to be.
  Deno.mkdirSync(join(saveLocal, "README.md", "x"), { recursive: true });
  Deno.writeTextFileSync(join(saveLocal, ".speechmill-dataset"), `${digest}\n`);
  for await (const event of publishing.finish()) told.push(event);
}

const NOT_SAVED = /^SpeechmillError: Cannot save the dataset to .*: the run itself is whole/;

Deno.test("a run that cannot be saved to a folder is uploaded all the same", async () => {
  await using session = await UploadSessionOfTest.open();
  const told: EncodeEvent[] = [];
  await assert.rejects(finish(session, told), NOT_SAVED);
  const { ".gitattributes": _, ...files } = session.remote();
  assert.deepEqual(files, session.local());
  const last = told.at(-1);
  assert.ok(last?.type === "upload" && last.event.type === "finished");
});

Deno.test("where both ways to publish fail, the second failure is told before the first is thrown", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.faults.push(answering({ path: /\/commit\/main$/ }, () => refuse(403, "")));
  const told: EncodeEvent[] = [];
  await assert.rejects(finish(session, told), NOT_SAVED);
  const last = told.at(-1);
  assert.ok(last?.type === "warning");
  assert.match(last.message, /answers 403 .*\nThe run itself is whole: run 'speechmill upload /s);
});

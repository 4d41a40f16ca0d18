/** Who may write where is found out before anything is uploaded. */
import assert from "node:assert/strict";
import { EXIT } from "../../../lib/errors.ts";
import { checkUploadTarget } from "../../../lib/upload_run.ts";
import { answering } from "../../support/hub_faults.ts";
import { refuse } from "../../support/hub_server.ts";
import { TOKEN } from "../../support/hub_session.ts";
import { TARGET, UploadSessionOfTest } from "../../support/upload_session.ts";

Deno.test("checkUploadTarget() makes the repository, private unless told otherwise", async () => {
  await using session = await UploadSessionOfTest.open();
  const url = `${session.server.endpoint}/datasets/${TARGET}`;
  assert.deepEqual(await checkUploadTarget(TARGET, session.options), { url });
  assert.deepEqual(await checkUploadTarget(TARGET, session.options), { url });
  await checkUploadTarget("team/open", { ...session.options, isPublic: true });
  const { repositories } = session.server.uploads;
  assert.equal(repositories.get(TARGET)?.isPrivate, true);
  assert.equal(repositories.get("team/open")?.isPrivate, false);
});

Deno.test("checkUploadTarget() asks the Hub nothing without a token, a name or the network", async () => {
  await using session = await UploadSessionOfTest.open();
  const check = (variables: Record<string, string>, repository = TARGET) => {
    const environment = (name: string) => variables[name] ?? session.variables.get(name);
    return assert.rejects(checkUploadTarget(repository, { ...session.options, environment }), {
      name: "UsageError",
      exitCode: EXIT.usage,
      message: new RegExp(`^Cannot upload to '${repository}': `),
    });
  };
  await check({ HF_TOKEN: "" });
  await check({}, "digits");
  await check({ HF_HUB_OFFLINE: "1" });
  assert.equal(session.server.seen.length, 0);
});

Deno.test("checkUploadTarget() refuses a token that may only read", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.accounts.add(TOKEN, { name: "user", organisations: [], role: "read" });
  await assert.rejects(checkUploadTarget(TARGET, session.options), {
    name: "UsageError",
    message: `Cannot upload to '${TARGET}': your token may only read: make one that may write at ` +
      `'${session.server.endpoint}/settings/tokens', and run 'hf auth login' or set HF_TOKEN`,
  });
  assert.equal(session.server.uploads.repositories.size, 0);
});

Deno.test("checkUploadTarget() says that a token is none", async () => {
  await using session = await UploadSessionOfTest.open();
  session.variables.set("HF_TOKEN", `${TOKEN}-of-yesterday`);
  await assert.rejects(
    checkUploadTarget(TARGET, session.options),
    /answers 401 .*: it does not accept your token: run 'hf auth login', or set HF_TOKEN$/,
  );
});

Deno.test("checkUploadTarget() refuses a name that is not ours, whether or not it is there", async () => {
  await using session = await UploadSessionOfTest.open();
  const check = () =>
    assert.rejects(checkUploadTarget("others/digits", session.options), {
      name: "HubRefusalError",
      exitCode: EXIT.failed,
      message: /answers 403 .*: your token may not write there: name a repository of your own, or /,
    });
  await check();
  session.server.uploads.make("others/digits", {}, false);
  await check();
});

Deno.test("checkUploadTarget() takes a repository that a token is good for, and may not make", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.uploads.make(TARGET);
  session.server.faults.push(answering({ path: /repos\/create/ }, () => refuse(403, "")));
  await checkUploadTarget(TARGET, session.options);
});

Deno.test("checkUploadTarget() needs no Hub that knows who we are", async () => {
  await using session = await UploadSessionOfTest.open();
  session.server.faults.push(answering({ path: /whoami/ }, () => refuse(404, "")));
  await checkUploadTarget(TARGET, session.options);
  assert.ok(session.server.uploads.repositories.has(TARGET));
});

Deno.test("checkUploadTarget() ends as stopped where it is asked to stop", async () => {
  await using session = await UploadSessionOfTest.open();
  const signal = AbortSignal.abort("asked to by a signal");
  await assert.rejects(checkUploadTarget(TARGET, { ...session.options, signal }), {
    name: "StoppedError",
    exitCode: EXIT.stopped,
  });
});

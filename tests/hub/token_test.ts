import assert from "node:assert/strict";
import { join } from "node:path";
import { findToken } from "../../lib/hub/token.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";
import { etagOf, refuse } from "../support/hub_server.ts";
import { HubSession, TOKEN } from "../support/hub_session.ts";

Deno.test("findToken() takes HF_TOKEN, then HF_TOKEN_PATH, then the file in HF_HOME", async () => {
  using folder = new TemporaryFolder();
  const variables = new Map([
    ["HF_TOKEN", " hf_variable\n"],
    ["HF_TOKEN_PATH", folder.file("elsewhere")],
    ["HF_HOME", folder.path],
  ]);
  const find = () => findToken((name) => variables.get(name));
  await Deno.writeTextFile(folder.file("elsewhere"), "hf_elsewhere\n");
  await Deno.writeTextFile(folder.file("token"), "hf_home\n");
  assert.equal(await find(), "hf_variable");
  variables.delete("HF_TOKEN");
  assert.equal(await find(), "hf_elsewhere");
  variables.delete("HF_TOKEN_PATH");
  assert.equal(await find(), "hf_home");
  await Deno.remove(folder.file("token"));
  assert.equal(await find(), null);
});

Deno.test("findToken() looks where 'hf auth login' writes if nothing is set", async () => {
  using folder = new TemporaryFolder();
  await Deno.mkdir(folder.file(join(".cache", "huggingface")), { recursive: true });
  await Deno.writeTextFile(folder.file(join(".cache", "huggingface", "token")), "hf_login");
  assert.equal(await findToken((name) => name === "HOME" ? folder.path : undefined), "hf_login");
});

Deno.test("findToken() does not show what cannot be a token", async () => {
  const environment = (name: string) => name === "HF_TOKEN" ? "hf_one\nhf_two" : undefined;
  await assert.rejects(findToken(environment), (error: Error) => {
    assert.ok(!Deno.inspect(error).includes("hf_one"));
    return /^Cannot use the token in HF_TOKEN: it has characters/.test(error.message);
  });
});

Deno.test("findToken() throws for a token that cannot be read", async () => {
  using folder = new TemporaryFolder();
  const environment = (name: string) => name === "HF_TOKEN_PATH" ? folder.path : undefined;
  await assert.rejects(findToken(environment), /^SpeechmillError: Cannot read the token/);
});

Deno.test("the token goes to the Hub with every request, and to no other server", async () => {
  await using session = new HubSession();
  session.add("model.bin", "weights");
  await session.read("model.bin");
  const sent = (server: string) =>
    session.server.seen.filter((seen) => seen.server === server)
      .map(({ headers }) => headers.get("authorization"));
  assert.deepEqual(sent("hub"), [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  assert.deepEqual(sent("files"), [null]);
  for (const { server, headers } of session.server.seen) {
    assert.ok(server === "hub" || !JSON.stringify([...headers]).includes(TOKEN));
  }
});

Deno.test("no token is sent where the user has none", async () => {
  await using session = new HubSession();
  session.variables.delete("HF_TOKEN");
  await session.open();
  assert.equal(session.server.seen[0]?.headers.get("authorization"), null);
});

Deno.test("no error shows the token or the signature of a link", async () => {
  const errors: unknown[] = [];
  for (const [status, code] of [[401, ""], [403, "GatedRepo"], [404, ""], [400, ""]] as const) {
    await using session = new HubSession();
    session.server.faults.push(() => refuse(status, code, { "x-error-message": TOKEN }));
    errors.push(await session.open().catch((error) => error));
  }
  await using session = new HubSession();
  const file = session.add("model.bin", "weights");
  // Deno's own messages show the whole address; a server may send back what it was sent.
  const broken: typeof fetch = (input, init) =>
    String(input).includes("X-Signature")
      ? Promise.reject(new TypeError(`error sending request for url (${input}) ${TOKEN}`))
      : fetch(input, init);
  errors.push(await session.read("model.bin", { fetch: broken }).catch((error) => error));
  const wrong = { ...file, content: file.content.toReversed() };
  session.server.faults.push(({ server }) =>
    server === "files" ? new Response(wrong.content) : null
  );
  errors.push(await session.read("model.bin").catch((error) => error));
  assert.deepEqual(errors.map((error) => error instanceof Error), Array(6).fill(true));
  assert.match(Deno.inspect(errors[4]), /error sending request for url/);
  assert.ok(Deno.inspect(errors[5]).includes(etagOf(wrong)));
  for (const error of errors) {
    assert.doesNotMatch(Deno.inspect(error), new RegExp(`${TOKEN}|secret-of-the-link`));
  }
});

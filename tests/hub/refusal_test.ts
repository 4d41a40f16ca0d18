import assert from "node:assert/strict";
import { COMMIT, refuse } from "../support/hub_server.ts";
import { HubSession } from "../support/hub_session.ts";

interface Case {
  readonly status: number;
  readonly code: string;
  readonly withToken: boolean;
  readonly name: "UsageError" | "SpeechmillError";
  readonly advice: string;
}

const UNKNOWN = "there is no such repository, or it is private; check the spelling, and for a " +
  "private one ";
const LOG_IN = "run 'hf auth login' or set HF_TOKEN";

// deno-fmt-ignore: a table.
const CASES: readonly Case[] = [
  { status: 401, code: "GatedRepo", withToken: false, name: "SpeechmillError",
    advice: "its authors ask for your agreement: accept the terms at 'HUB/org/name', then " + LOG_IN },
  { status: 403, code: "GatedRepo", withToken: true, name: "SpeechmillError",
    advice: "its authors ask for your agreement: accept the terms at 'HUB/org/name' with the " +
      "account of your token, and check that the token may read gated repositories" },
  { status: 401, code: "RepoNotFound", withToken: false, name: "UsageError",
    advice: UNKNOWN + LOG_IN },
  { status: 404, code: "RepoNotFound", withToken: true, name: "UsageError",
    advice: UNKNOWN + "that your token may read it" },
  { status: 404, code: "", withToken: false, name: "UsageError", advice: UNKNOWN + LOG_IN },
  { status: 401, code: "", withToken: true, name: "SpeechmillError",
    advice: "it does not accept your token; " + LOG_IN },
  { status: 403, code: "", withToken: true, name: "SpeechmillError",
    advice: "access is denied; see 'HUB/org/name', and check that your token may read it" },
  { status: 404, code: "RevisionNotFound", withToken: false, name: "UsageError",
    advice: "there is no such branch, tag or commit; see 'HUB/org/name/tree/main'" },
  { status: 403, code: "DisabledRepo", withToken: false, name: "SpeechmillError",
    advice: "the Hub has disabled the repository" },
  { status: 400, code: "", withToken: false, name: "SpeechmillError",
    advice: "the server answers 400" },
];

for (const { status, code, withToken, name, advice } of CASES) {
  const token = withToken ? "with" : "without";
  Deno.test(`${status} ${code} ${token} a token: says what to do, at once`, async () => {
    await using session = new HubSession();
    if (!withToken) session.variables.delete("HF_TOKEN");
    session.server.faults.push(() => refuse(status, code));
    const { endpoint } = session.server;
    await assert.rejects(session.open({ revision: "v1" }), {
      name,
      message: `Cannot get 'org/name' at 'v1' from '${endpoint}': ` +
        advice.replace("HUB", endpoint),
    });
    assert.deepEqual(session.waits, []);
  });
}

Deno.test("a file that is gone between listing and download is named", async () => {
  await using session = new HubSession();
  session.add("model.bin", "weights");
  const repository = await session.open();
  session.server.files.clear();
  const { endpoint } = session.server;
  await assert.rejects(repository.file("model.bin"), {
    message: `Cannot get 'model.bin' of 'org/name' at '${COMMIT}' from '${endpoint}': ` +
      `there is no such file; see '${endpoint}/org/name/tree/${COMMIT}'`,
  });
});

Deno.test("a refusal of the Hub is not papered over by what is cached", async () => {
  await using session = new HubSession();
  session.add("config.json", "{}", false);
  await session.read("config.json");
  session.server.faults.push(() => refuse(403, "GatedRepo"));
  await assert.rejects(session.open(), /accept the terms/);
});

Deno.test("a link to the file server that has run out is asked for anew", async () => {
  await using session = new HubSession();
  session.add("model.bin", "weights");
  session.server.faults.push(({ server }) => server === "files" ? refuse(403, "") : null);
  assert.equal(await session.read("model.bin"), "weights");
  assert.equal(session.server.paths("hub").length, 3);
});

for (const location of ["file:///etc/passwd", "data:,x", "blob:x", "http://[x"]) {
  Deno.test(`a redirect to ${location} leads nowhere`, async () => {
    await using session = new HubSession();
    session.server.faults.push(() => new Response(null, { status: 307, headers: { location } }));
    await assert.rejects(session.open(), /its redirects lead nowhere$/);
  });
}

Deno.test("redirects that turn in a circle end in an error", async () => {
  await using session = new HubSession();
  for (let times = 0; times < 20; times++) {
    session.server.faults.push(({ path }) =>
      new Response(null, { status: 307, headers: { location: path } })
    );
  }
  await assert.rejects(session.open(), /its redirects lead nowhere$/);
});

import assert from "node:assert/strict";
import { isSafeName } from "../../lib/hub/file_name.ts";
import { COMMIT } from "../support/hub_server.ts";
import { HubSession } from "../support/hub_session.ts";

const HOSTILE = ["../x", "/x", "a/../../x", "a\\..\\x", "C:x", "a//b", "./x", "", "a\0b", "a/"];

for (const name of HOSTILE) {
  Deno.test(`openModelRepository() throws for a file named ${JSON.stringify(name)}`, async () => {
    await using session = new HubSession();
    session.add("fine.json", "{}", false);
    session.add(name, "hostile", false);
    await assert.rejects(session.open(), {
      message: `Cannot use the repository 'org/name': it names a file ${JSON.stringify(name)}, ` +
        "which could be written outside of its folder",
    });
  });
}

Deno.test("isSafeName() takes names that only look strange", () => {
  for (const name of ["a", "a/b.json", "..a", "a..", ".hidden", "ä b", "%2e%2e/x"]) {
    assert.ok(isSafeName(name), name);
  }
});

Deno.test("file() throws where a link in the cache leads out of it", async () => {
  await using session = new HubSession();
  session.add("a/model.bin", "weights");
  const outside = await Deno.makeTempDir();
  await Deno.mkdir(session.snapshot(), { recursive: true });
  await Deno.symlink(outside, session.snapshot("a"));
  const repository = await session.open();
  await assert.rejects(
    repository.file("a/model.bin"),
    /a link in it leads '.*'; remove that link$/,
  );
  assert.deepEqual([...Deno.readDirSync(outside)], []);
  await Deno.remove(outside);
});

Deno.test("file() without network finds nothing outside of the snapshot", async () => {
  await using session = new HubSession();
  await session.put(COMMIT, "refs", "main");
  await Deno.mkdir(session.snapshot(), { recursive: true });
  session.variables.set("HF_HUB_OFFLINE", "1");
  const repository = await session.open();
  await assert.rejects(repository.file("../../refs/main"), /^SpeechmillError: Cannot find/);
});

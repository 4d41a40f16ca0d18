import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { makeScratchFolder, removeOrphans, scratchPlaces } from "../../lib/run/scratch_folder.ts";
import { temporaryDirectory } from "../support/run_once.ts";

Deno.test("makeScratchFolder() takes the first place that there is, and gives it back", () => {
  using place = temporaryDirectory();
  const places = [join(place.path, "missing"), place.path, "/no/such"];
  {
    using folder = makeScratchFolder(places);
    Deno.writeTextFileSync(join(folder.path, "clip"), "");
    assert.deepEqual([...Deno.readDirSync(place.path)].map(({ name }) => name), [
      basename(folder.path),
    ]);
    if (Deno.build.os !== "windows") {
      assert.equal((Deno.statSync(folder.path).mode ?? 0) & 0o777, 0o700);
    }
  }
  assert.deepEqual([...Deno.readDirSync(place.path)], []);
});

Deno.test("makeScratchFolder() says what to do where nothing can be written", () => {
  assert.throws(() => makeScratchFolder(["/no/such"]), {
    message: "Cannot make a folder for temporary files in /no/such: set TMPDIR to a folder that " +
      "can be written",
  });
});

Deno.test("removeOrphans() removes what a killed process left, and nothing of a living one", () => {
  using place = temporaryDirectory();
  using alive = makeScratchFolder([place.path]);
  const name = basename(alive.path);
  const [, space = ""] = /^speechmill-scratch-(\d+)-/.exec(name) ?? [];
  // No process can have this number.
  const orphan = name.replace(`-${Deno.pid}-`, "-2147483646-");
  const elsewhere = orphan.replace(`-${space}-`, `-${Number(space) + 1}-`);
  for (const other of [orphan, elsewhere, "speechmill-scratch-notes", "anything"]) {
    Deno.mkdirSync(join(place.path, other));
    Deno.writeTextFileSync(join(place.path, other, "clip"), "");
  }
  removeOrphans([place.path, "/no/such"]);
  const left = [...Deno.readDirSync(place.path)].map(({ name }) => name).sort();
  assert.deepEqual(left, [name, elsewhere, "speechmill-scratch-notes", "anything"].sort());
});

Deno.test("scratchPlaces() always has a place", () => {
  assert.ok(scratchPlaces().length > 0);
});

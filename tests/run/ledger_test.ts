import assert from "node:assert/strict";
import { join } from "node:path";
import { RunConflictError } from "../../lib/errors.ts";
import { Ledger } from "../../lib/run/ledger.ts";
import { temporaryDirectory } from "../support/run_once.ts";

function rejects(ledger: Ledger): number {
  return ledger.all("SELECT * FROM reject").length;
}

function addReject(ledger: Ledger, detail = ""): void {
  ledger.run("INSERT INTO reject (place, detail) VALUES ('here', ?)", detail);
}

Deno.test("Ledger.transaction() keeps nothing of a body that throws", () => {
  using directory = temporaryDirectory();
  using ledger = Ledger.create(join(directory.path, "ledger.db"));
  assert.throws(() =>
    ledger.transaction(() => {
      addReject(ledger);
      throw new Error("in the middle");
    }), /in the middle/);
  assert.equal(rejects(ledger), 0);
  ledger.transaction(() => addReject(ledger));
  assert.equal(rejects(ledger), 1);
});

Deno.test("Ledger.transaction() says that the disk is full, and works on when there is room", () => {
  using directory = temporaryDirectory();
  using ledger = Ledger.create(join(directory.path, "ledger.db"));
  ledger.exec("PRAGMA max_page_count = 20");
  const tooMuch = () => {
    for (let i = 0; i < 100; i++) addReject(ledger, "x".repeat(3000));
  };
  assert.throws(() => ledger.transaction(tooMuch), /full/);
  ledger.exec("PRAGMA max_page_count = 10000");
  ledger.transaction(tooMuch);
  assert.equal(rejects(ledger), 100);
});

Deno.test("Ledger.open() refuses another version's tables, and says who can read them", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "ledger.db");
  {
    using ledger = Ledger.create(path);
    ledger.setMeta("ledger_version", "99");
  }
  assert.throws(
    () => Ledger.open(path),
    (error) => error instanceof RunConflictError && /has version 99.*began it/.test(error.message),
  );
});

Deno.test("a ledger on a network file system keeps no write-ahead log, and syncs fully", () => {
  using directory = temporaryDirectory();
  const journal = (networkFileSystem: boolean) => {
    const path = join(directory.path, `${networkFileSystem}.db`);
    using ledger = Ledger.create(path, { networkFileSystem });
    return [
      ledger.get<{ journal_mode: string }>("PRAGMA journal_mode")?.journal_mode,
      ledger.get<{ synchronous: number }>("PRAGMA synchronous")?.synchronous,
    ];
  };
  assert.deepEqual(journal(true), ["delete", 2]);
  assert.deepEqual(journal(false), ["wal", 1]);
});

Deno.test("Ledger reads beside a writer without waiting for it", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "ledger.db");
  using writer = Ledger.create(path);
  addReject(writer);
  using reader = Ledger.open(path, { readOnly: true });
  writer.transaction(() => {
    addReject(writer);
    assert.equal(rejects(reader), 1);
  });
  assert.equal(rejects(reader), 2);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { writePart } from "../../lib/audio/part.ts";
import { RunConflictError, UsageError } from "../../lib/errors.ts";
import { loadCodec } from "../../models/registry.ts";
import type { openCodec } from "../../models/resolve.ts";
import { CLIPS, smallRun } from "../support/small_run.ts";
import { problemsOf, rewrite, verify, withCodes } from "./fixture.ts";

Deno.test("verifyRun() encodes a share of the rows once more", async () => {
  using small = await smallRun();
  const whole = await verify(small, { rebatch: 1 });
  assert.equal(whole.rebatch?.samples, CLIPS.length);
  assert.deepEqual([whole.rebatch?.mismatches, whole.rebatch?.rate, whole.ok], [0, 0, true]);
  assert.ok((whole.rebatch?.tokens ?? 0) > 1000);
  const part = await verify(small, { rebatch: 0.4 });
  assert.ok((part.rebatch?.samples ?? 0) >= 1 && (part.rebatch?.samples ?? 0) < CLIPS.length);
  assert.equal((await verify(small, { rebatch: 1e-6 })).rebatch?.samples, 1);
});

Deno.test("verifyRun() counts the tokens that differ from those of the clip alone", async () => {
  using small = await smallRun({ shardSize: 20, valRatio: 0 });
  rewrite(
    small,
    "data/train-00000-of-00001.jsonl.gz",
    (rows) =>
      rows.map((row, i) =>
        i === 3 ? withCodes(row, ([first = 0, ...rest]) => [(first + 1) % 1024, ...rest]) : row
      ),
  );
  const { rebatch, problems } = await verify(small, { rebatch: 1 });
  assert.equal(rebatch?.mismatches, 1);
  assert.equal(rebatch?.rate, 1 / (rebatch?.tokens ?? 0));
  const found = problems.filter(({ kind }) => kind === "rebatch");
  assert.equal(found.length, 1);
  assert.deepEqual([found[0]?.row, found[0]?.id], [4, "3_george_0"]);
  assert.match(
    found[0]?.problem ?? "",
    /^1 of \d+ tokens differ from those of the clip encoded alone$/,
  );
});

Deno.test("verifyRun() says which clip could not be encoded once more", async () => {
  using small = await smallRun({ samples: [{ id: "a", clip: "0_george_0" }], valRatio: 0 });
  const problems = await problemsOf(small, {
    rebatch: 1,
    audio: {
      read: () => {
        throw new Error("the disk is gone");
      },
    },
  });
  assert.equal(problems.length, 1);
  assert.match(
    problems[0] ?? "",
    /^rebatch data\/train\S+ a it cannot be encoded once more: the disk is gone$/,
  );
});

Deno.test("verifyRun() refuses to encode with another model, or without a ledger", async () => {
  using small = await smallRun();
  const other: typeof openCodec = async (name, options) =>
    Object.assign(await loadCodec(name, options), { encoderDigest: "0".repeat(64) });
  await assert.rejects(verify(small, { rebatch: 1, openCodec: other }), RunConflictError);
  Deno.removeSync(join(small.directory, ".speechmill"), { recursive: true });
  await assert.rejects(verify(small, { rebatch: 1 }), UsageError);
});

Deno.test("verifyRun() encodes clips once more that lie within a file of many", async () => {
  using small = await smallRun();
  const clips = CLIPS.map((clip) => Deno.readFileSync(`tests/data/fsdd/${clip}.wav`));
  const container = join(small.directory, "..", "clips.bin");
  Deno.writeFileSync(container, new Uint8Array(clips.flatMap((bytes) => [...bytes])));
  const ledger = new DatabaseSync(small.paths.ledger);
  let offset = 0;
  for (const [i, id] of CLIPS.entries()) {
    const size = clips[i]?.length ?? 0;
    const part = writePart({ kind: "range", offset, size, name: `${id}.wav` });
    ledger.prepare("UPDATE sample SET audio = ?, part = ? WHERE id = ?").run(container, part, id);
    offset += size;
  }
  ledger.close();
  const { rebatch, ok } = await verify(small, { rebatch: 1 });
  assert.deepEqual([rebatch?.samples, rebatch?.mismatches, ok], [CLIPS.length, 0, true]);
});

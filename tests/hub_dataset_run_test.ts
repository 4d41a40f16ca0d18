/**
 * From the Hub to the Hub: real speech goes up as a dataset, is encoded from there by a pipeline's
 * own `config.yaml`, comes back as tokens, and is read by a public reader.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { encode, resume } from "../lib/encode.ts";
import { UsageError } from "../lib/errors.ts";
import { pathExists } from "../lib/fs.ts";
import { parquetReadObjects } from "../lib/npm/hyparquet.ts";
import { compressors } from "../lib/npm/hyparquet_compressors.ts";
import { openRun } from "../lib/open_run.ts";
import { verifyRun } from "../lib/verify.ts";
import { TOKEN } from "./support/hub_session.ts";
import { clips, CONFIG, DATASET, SpeechHub, TARGET } from "./support/speech_hub.ts";

Deno.test("a pipeline's config.yaml takes a dataset from the Hub and puts its tokens there", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const last = await session.encode(await session.config());
  assert.ok(last?.type === "finished" && last.summary.finished);
  assert.equal(last.summary.done, 6);
  assert.deepEqual(last.summary.splits.map(({ name, rows }) => [name, rows]), [["train", 6]]);

  // Two subsets of one repository: no shard of one takes the place of the other's.
  using run = await openRun(session.output);
  const rows = await Array.fromAsync(run.rows());
  assert.deepEqual(
    rows.map(({ id, text, speaker, raw }) => [id, text, speaker, raw["lang"]]),
    clips(6).map(({ path }, i) => [
      `${DATASET}/${i < 3 ? "north" : "south"}/train/${i % 3}`,
      `what ${path} says`,
      i < 3 ? "linda" : "george",
      "en",
    ]),
  );
  const columns = Object.keys(rows[0]?.raw ?? {});
  const layers = columns.filter((name) => name.startsWith("nano_layer_"));
  assert.equal(layers.length, rows[0]?.codes.length);
  // The pipeline's columns, in its order, whatever stands between them.
  const theirs = ["text", ...layers, "encoded_len", "speaker", "lang"];
  assert.deepEqual(columns.filter((name) => theirs.includes(name)), theirs);

  // The row groups are gone: each is brought once more, and dropped again.
  const checks = verifyRun(session.output, { rebatch: 1, hub: session.hub });
  const report = (await Array.fromAsync(checks)).at(-1);
  assert.ok(report?.type === "finished");
  assert.deepEqual(report.report.problems, []);
  assert.equal(report.report.rebatch?.samples, 6);

  // The same files lie in the run, in the folder for load_dataset, and on the Hub.
  for (const { path } of run.files) {
    const bytes = Deno.readFileSync(join(session.output, path));
    assert.deepEqual(Deno.readFileSync(join(session.directory.path, "dataset_local", path)), bytes);
    assert.deepEqual(session.remote(TARGET, path), bytes);
  }
  assert.equal(run.files.length, 2);
  assert.ok(!pathExists(join(session.directory.path, "dataset_local", ".speechmill")));
  const made = session.server.uploads.repositories.get(TARGET);
  assert.ok(made?.isPrivate);
  assert.ok(made.history.length <= 2, "few commits");
  assert.ok(!made.history.some(({ names }) => names.some((name) => name.includes(".speechmill"))));
  // Nothing of what was streamed stays.
  assert.ok(!pathExists(join(session.cache, "runs")) || isEmpty(join(session.cache, "runs")));
});

function isEmpty(folder: string): boolean {
  return [...Deno.readDirSync(folder)].length === 0;
}

Deno.test("the Parquet that a run puts on the Hub is read by a public reader", async () => {
  await using session = new SpeechHub();
  await session.publish();
  await session.encode(await session.config(CONFIG, { format: "parquet" }));
  using run = await openRun(session.output);
  const back: unknown[] = [];
  for (const { path } of run.files) {
    const file = session.remote(TARGET, path).buffer;
    back.push(...await parquetReadObjects({ file, compressors }));
  }
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, each) => typeof each === "bigint" ? Number(each) : each));
  const rows = (await Array.fromAsync(run.rows())).map(({ raw }) => raw);
  assert.deepEqual(plain(back), rows);
});

Deno.test("a run goes on with the commit it was planned with, though the branch has moved", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const config = await session.config(CONFIG.replace(/hf_upload: .*/, "hf_upload: null"));
  const stop = new AbortController();
  for await (const event of encode(config, { hub: session.hub, signal: stop.signal })) {
    if (event.type === "planned") stop.abort("enough for today");
  }
  session.server.datasets.commit(DATASET, "main", {});
  const last = (await Array.fromAsync(resume(session.output, { hub: session.hub }))).at(-1);
  assert.ok(last?.type === "finished" && last.summary.finished);
  assert.equal(last.summary.done, 6);
});

Deno.test("what is wrong with a dataset or a target is said before anything is encoded", async () => {
  await using session = new SpeechHub();
  await session.publish();
  const wrong: [string, string, RegExp][] = [
    [`name: ${DATASET}\n    sub_name: north`, `name: user/gone\n    sub_name: north`, /user\/gone/],
    ["sub_name: north", "sub_name: nort", /nort.*north.*south/s],
    ["split: train", "split: test", /test.*train/s],
    ["text_column_name: sentence", "text_column_name: text", /'text'.*sentence/s],
    [`hf_upload: ${TARGET}`, "hf_upload: stranger/tokens", /stranger\/tokens/],
  ];
  for (const [from, to, message] of wrong) {
    const config = await session.config(CONFIG.replace(from, to));
    await assert.rejects(session.encode(config), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, message);
      return true;
    });
    assert.ok(!pathExists(join(session.output, "manifest.json")), to);
  }
  session.server.uploads.accounts.add(TOKEN, { name: "user", organisations: [], role: "read" });
  await assert.rejects(session.encode(await session.config()), UsageError);
  assert.ok(!session.events.some(({ type }) => type === "planned"));
});

/**
 * What the Nano Codec and SNAC pipelines lose, each by name. Beside these: a reader that ends at one
 * bad file is in `bad_containers_test.ts`, columns that fail only at the end and constants of one
 * dataset in `container_runs_test.ts`, 44,000 Hz and the first four layers in `layout_runs_test.ts`.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../lib/config/config.ts";
import { encode } from "../lib/encode.ts";
import { RunConflictError } from "../lib/errors.ts";
import { temporaryName } from "../lib/fs.ts";
import { globMatcher } from "../lib/hub/dataset/glob.ts";
import { parse } from "../lib/npm/yaml.ts";
import { z } from "../lib/npm/zod.ts";
import { speechClips, writeFolder, writeParquet } from "./support/containers.ts";
import { encodeRun, type Flags, rowsById, verifyAll } from "./support/encode_run.ts";
import { publishedBytes, temporaryDirectory } from "./support/run_once.ts";

Deno.test("datasets of one base name keep their shards apart, with one worker or three", async () => {
  using directory = temporaryDirectory();
  const clips = speechClips();
  const input = ["north", "south"].map((folder, i) =>
    writeParquet(join(directory.path, folder, "speech.parquet"), clips.slice(3 * i, 3 * i + 3), {
      audio: "struct",
    })
  );
  const flags: Flags = { input, columns: { id: "" }, shardSize: 2, valRatio: 0.4 };
  const outputs = ["cpu:1", "cpu:3"].map((devices) => ({
    devices,
    output: join(directory.path, devices),
  }));
  for (const { devices, output } of outputs) await encodeRun(output, { ...flags, devices });

  const [one, three] = outputs.map(({ output }) => output);
  assert.ok(one !== undefined && three !== undefined);
  assert.deepEqual(publishedBytes(three), publishedBytes(one));
  const texts = [...await rowsById(one)].map(([id, { text }]) => [id, text]).sort();
  assert.deepEqual(
    texts,
    clips.map(({ text }, i) => [`${i < 3 ? "north" : "south"}/speech/${i % 3}`, text]),
  );
});

/** What `load_dataset` reads: the files that the card's patterns name. */
function filesOfCard(output: string): readonly string[] {
  const [, front = ""] = Deno.readTextFileSync(join(output, "README.md")).split(/^---$/m);
  const card = z.object({
    configs: z.array(z.object({ "data_files": z.array(z.object({ path: z.string() })) })),
  }).parse(parse(front));
  const patterns = card.configs.flatMap(({ data_files: files }) =>
    files.map(({ path }) => globMatcher(path))
  );
  return [...Deno.readDirSync(join(output, "data"))]
    .map(({ name }) => `data/${name}`)
    .filter((path) => patterns.some((matches) => matches(path)))
    .sort();
}

function filesOfManifest(output: string): readonly string[] {
  const manifest = JSON.parse(Deno.readTextFileSync(join(output, "manifest.json")));
  return manifest.files.map(({ path }: { path: string }) => path);
}

/** Stops a run when it is planned. */
async function onlyPlan(output: string, flags: Flags): Promise<void> {
  const config = await loadConfig({ flags: { ...flags, output }, cwd: output });
  const stop = new AbortController();
  for await (const event of encode(config, { signal: stop.signal })) {
    if (event.type === "planned") stop.abort();
    if (event.type === "finished") assert.equal(event.summary.finished, false);
  }
}

Deno.test("shards of an earlier run are never merged into this one", async () => {
  using directory = temporaryDirectory();
  const input = [writeFolder(join(directory.path, "speech"), speechClips())];
  const output = join(directory.path, "run");
  Deno.mkdirSync(output);
  const flags: Flags = { input, shardSize: 1, valRatio: 0, devices: "cpu:1" };
  await onlyPlan(output, flags);
  const all = Array.from({ length: 6 }, (_, i) => `data/train-0000${i}-of-00006.jsonl.gz`);
  // No shard of this run has that name: none would take its place.
  const half = temporaryName(join(output, "data/train-00008-of-00009.jsonl.gz"));
  Deno.writeTextFileSync(half, "half a shard of a run that was killed");

  await encodeRun(output, flags);
  assert.throws(() => Deno.statSync(half), Deno.errors.NotFound);
  assert.deepEqual(filesOfManifest(output), all);
  assert.deepEqual(filesOfCard(output), all);
  assert.deepEqual((await verifyAll(output)).problems, []);

  const before = publishedBytes(output);
  for (const other of [{ shardSize: 4 }, { maxSamples: 3 }]) {
    await assert.rejects(encodeRun(output, { ...flags, ...other }), (error) => {
      assert.ok(error instanceof RunConflictError, String(error));
      assert.match(error.message, /shard_size: |max_samples: /);
      return true;
    });
  }
  assert.deepEqual(publishedBytes(output), before);

  const stray = "data/train-00006-of-00009.jsonl.gz";
  Deno.copyFileSync(join(output, all[5] ?? ""), join(output, stray));
  const { problems } = await verifyAll(output);
  assert.deepEqual(problems.map((problem) => "file" in problem && problem.file), [stray]);
});

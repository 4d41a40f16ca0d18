/** Faults of real worker processes: what a scripted worker cannot show. */
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { encodeJob } from "../lib/encode_job.ts";
import { parquetWriteBuffer } from "../lib/npm/hyparquet_writer.ts";
import { denoSpawner } from "../lib/run/spawn_worker.ts";
import { Ledger } from "../lib/run/ledger.ts";
import type { Job, Json } from "../lib/run/job.ts";
import type { SourceSample } from "../lib/sources/source.ts";
import { listSource, manySamples, sampleOf } from "./support/list_source.ts";
import {
  publishedRows,
  runOnce,
  type RunOutcome,
  type RunSetup,
  temporaryDirectory,
} from "./support/run_once.ts";
import { isAlive } from "./support/processes.ts";
import { TEST_MODEL, testJob } from "./support/test_job.ts";

const program = new URL("./support/faulty_worker.ts", import.meta.url).href;

/** Runs samples with these texts through real worker processes of the faulty stage. */
async function runFaulty(
  directory: string,
  texts: readonly string[],
  setup: RunSetup & { settings?: Record<string, Json>; duration?: number } = {},
): Promise<RunOutcome> {
  const samples = texts.map((text, i) =>
    sampleOf(`s${i}`, { text, duration: setup.duration ?? 1 })
  );
  const base = testJob(listSource(samples));
  const settings = { model: TEST_MODEL, ...setup.settings };
  const job: Job = { ...base, stage: { ...base.stage, name: "faulty", settings } };
  const logs = join(directory, ".speechmill", "logs");
  return await runOnce(directory, {
    ...setup,
    settings: {},
    job,
    spawner: denoSpawner({ logs, program }),
  });
}

const ok = (count: number) => Array.from({ length: count }, () => "ok");

Deno.test("a segmentation fault in native code costs its sample alone", async () => {
  using directory = temporaryDirectory();
  const { summary, events } = await runFaulty(directory.path, [...ok(6), "crash", ...ok(6)], {
    maxRetries: 0,
  });
  assert.deepEqual(summary.reasons, { worker_crashed: 1 });
  assert.equal(summary.done, 12);
  const causes = events.flatMap((event) => event.type === "worker_exited" ? [event.cause] : []);
  assert.ok(causes.every((cause) => cause === "was killed by SIGSEGV"), causes.join());
});

Deno.test("a worker stuck in native code is ended, and its sample found", async () => {
  using directory = temporaryDirectory();
  const { summary } = await runFaulty(directory.path, ["ok", "hang", "ok"], {
    maxRetries: 0,
    // A busy machine may take seconds for the good ones.
    stallSeconds: 5,
    duration: 0,
  });
  assert.deepEqual(summary.reasons, { worker_stalled: 1 });
  assert.equal(summary.done, 2);
});

Deno.test("a library that prints to standard output ends its worker, not the run", async () => {
  using directory = temporaryDirectory();
  const { summary, events } = await runFaulty(directory.path, [...ok(3), "print", ...ok(3)], {
    maxRetries: 0,
  });
  assert.equal(summary.done + summary.quarantined, 7);
  assert.ok(summary.done >= 6);
  const causes = events.flatMap((event) => event.type === "worker_exited" ? [event.cause] : []);
  assert.ok(causes.some((cause) => /broke the protocol: .*printed by a library/.test(cause)));
});

Deno.test("out of memory halves the batch until it fits, and loses nothing", async () => {
  using directory = temporaryDirectory();
  const { summary, events } = await runFaulty(directory.path, ok(40), {
    settings: { capacity: 3 },
    // Which gathers whole batches: on a CPU they are as large as chance makes them.
    devices: [{ provider: "cuda", cuda: "0", feeders: 1 }],
    limits: {
      batch_seconds: 16,
      window_seconds: 0,
      queue_seconds: 30,
      min_seconds: null,
      max_seconds: null,
    },
  });
  assert.deepEqual([summary.done, summary.quarantined], [40, 0]);
  const batches = events.filter((event) => event.type === "batch");
  assert.ok(batches.reduce((sum, { halvings }) => sum + halvings, 0) > 0);
  assert.ok(batches.every(({ size }) => size <= 3));
  assert.equal((await publishedRows(directory.path)).length, 40);
});

Deno.test("a sample that does not fit alone is quarantined as out of memory after its retries", async () => {
  using directory = temporaryDirectory();
  const { summary } = await runFaulty(directory.path, [...ok(4), "does not fit", ...ok(4)], {
    maxRetries: 1,
  });
  assert.deepEqual(summary.reasons, { out_of_memory: 1 });
  assert.equal(summary.done, 8);
});

Deno.test("a sample that the model refuses does not take its batch with it", async () => {
  using directory = temporaryDirectory();
  const { summary } = await runFaulty(directory.path, [...ok(4), "fail", ...ok(4)]);
  assert.deepEqual(summary.reasons, { model_error: 1 });
  assert.equal(summary.done, 8);
});

Deno.test("a lost device restarts the worker", async () => {
  using directory = temporaryDirectory();
  const { summary, events } = await runFaulty(directory.path, [
    ...ok(3),
    "lose the device",
    ...ok(3),
  ], { maxRetries: 0 });
  assert.equal(summary.done, 6);
  assert.ok(events.some((event) => event.type === "worker_exited" && /code 1/.test(event.cause)));
});

Deno.test("a sample's own failure keeps its reason and words", async () => {
  using directory = temporaryDirectory();
  const { events } = await runFaulty(directory.path, [...ok(2), "bad"]);
  const [quarantined] = events.filter((event) => event.type === "quarantined");
  assert.deepEqual([quarantined?.reason, quarantined?.detail], [
    "not_audio",
    "Cannot decode it: it says 'bad'",
  ]);
});

Deno.test("a worker ends with its coordinator while its model still loads", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "ledger.db");
  Ledger.create(path)[Symbol.dispose]();
  const worker = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", program],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const limits = {
    ...{ batch_seconds: 1, window_seconds: 0, queue_seconds: 1, feeders: 1 },
    ...{ min_seconds: null, max_seconds: null },
  };
  const settings = { model: TEST_MODEL, load: "for ever" };
  const init = { type: "init", protocol: 1, ledger: path, stage: "faulty", settings, limits };
  const input = worker.stdin.getWriter();
  await input.write(new TextEncoder().encode(`${JSON.stringify(init)}\n`));
  await input.close();
  // The model takes ten minutes.
  const patience = setTimeout(() => worker.kill("SIGKILL"), 60_000);
  const { signal } = await worker.status;
  clearTimeout(patience);
  assert.equal(signal, null, "it had to be killed");
});

Deno.test("workers end with their coordinator, even in the middle of a batch", async () => {
  using directory = temporaryDirectory();
  const coordinator = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      new URL("./support/stuck_coordinator.ts", import.meta.url).href,
      directory.path,
    ],
    stdout: "piped",
  }).spawn();
  const reader = coordinator.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  const pids = (value ?? "").trim().split(" ").map(Number);
  assert.equal(pids.length, 2);
  coordinator.kill("SIGKILL");
  await coordinator.status;
  await reader.cancel();
  // Their batch takes a minute; without one they take a hundredth of a second (`bench/orphans.ts`).
  const deadline = performance.now() + 2000;
  while (pids.some(isAlive)) {
    assert.ok(
      performance.now() < deadline,
      `workers ${pids.filter(isAlive)} outlive their coordinator`,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

Deno.test("the none stage answers every sample through a real worker process", async () => {
  using directory = temporaryDirectory();
  const samples = manySamples(500);
  const spawner = denoSpawner({
    logs: join(directory.path, ".speechmill", "logs"),
    program: new URL("./support/plain_worker.ts", import.meta.url).href,
  });
  const { summary } = await runOnce(directory.path, { samples, spawner, workers: 2 });
  assert.equal(summary.done, 500);
});

/** Three clips within one Parquet file, the last of which is cut, and one alone. */
function containedSamples(directory: string): SourceSample[] {
  const clip = resolve("tests/data/formats/clip.flac");
  const bytes = Deno.readFileSync(clip);
  const container = join(directory, "clips.parquet");
  const data = [bytes, Deno.readFileSync("tests/data/fsdd/0_george_0.wav"), bytes.slice(0, 9000)];
  const columnData = [{ name: "audio", data, type: "BYTE_ARRAY" as const }];
  Deno.writeFileSync(container, new Uint8Array(parquetWriteBuffer({ columnData })));
  const within = data.map((_, row) => {
    const part = { kind: "parquet", row, column: "audio" } as const;
    return sampleOf(`row ${row}`, { audio: container, part });
  });
  return [sampleOf("alone", { audio: clip }), ...within];
}

Deno.test("workers decode clips within a Parquet file by a folder of their own, and leave it clean", async () => {
  using directory = temporaryDirectory();
  using place = temporaryDirectory();
  const source = listSource(containedSamples(directory.path));
  const run = join(directory.path, "run");
  const { summary, events } = await runOnce(run, {
    job: await encodeJob({ source, codec: "bundled", constants: [] }),
    spawner: denoSpawner({
      logs: join(run, ".speechmill", "logs"),
      program: new URL("./support/plain_worker.ts", import.meta.url).href,
      ...{ scratch: true, scratchPlaces: [place.path] },
    }),
    limits: {
      ...{ batch_seconds: 30, window_seconds: 0, queue_seconds: 60 },
      ...{ min_seconds: null, max_seconds: null },
    },
  });
  assert.deepEqual([summary.done, summary.reasons], [3, { truncated_audio: 1 }]);
  const [quarantined] = events.filter((event) => event.type === "quarantined");
  assert.match(quarantined?.detail ?? "", /clips\.parquet' row 2: the stream ends at/);
  const rows = new Map((await publishedRows(run)).map(({ id, text: _, ...row }) => [id, row]));
  assert.deepEqual(rows.get("row 0"), rows.get("alone"));
  assert.deepEqual([...Deno.readDirSync(place.path)], []);
});

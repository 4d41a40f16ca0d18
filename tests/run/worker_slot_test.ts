import assert from "node:assert/strict";
import type { Clock } from "../../lib/clock.ts";
import { Channel } from "../../lib/run/channel.ts";
import { type Death, WorkerSlot } from "../../lib/run/worker_slot.ts";
import type { WorkerExit, WorkerProcess } from "../../lib/run/worker_process.ts";
import { TEST_MODEL } from "../support/test_job.ts";

const READY = { type: "ready", device: "cpu", provider: "cpu", memory: null, model: TEST_MODEL };
const BEAT = '{"type":"heartbeat","queued":3,"queued_seconds":1,"resident":9,"waiting":"model"}';

function answer(index: number): object {
  const milliseconds = { prepare: 0, run: 0 };
  return { type: "result", index, status: "ok", output: {}, seconds: 2, milliseconds };
}

/** A slot with one process, whose every line, death and second the test decides. */
class SlotBench {
  readonly slot: WorkerSlot;
  readonly heard: string[] = [];
  kills = 0;
  /** Thrown by whoever takes the answers. */
  fault: Error | null = null;
  readonly sent: string[] = [];
  #now = 0;
  #ticks: (() => void)[] = [];
  #lines = new Channel<string[]>();
  #exit = Promise.withResolvers<WorkerExit>();
  readonly life: Promise<Death | null>;

  constructor(stallSeconds = 10) {
    const process: WorkerProcess = {
      ...{ pid: 7, lines: this.#lines, exited: this.#exit.promise },
      ...{
        send: (line) => this.sent.push(line),
        kill: () => this.kills++,
        logTail: () => "last words",
      },
    };
    this.slot = new WorkerSlot({
      ...{ name: "cpu:0", device: { provider: "cpu", cuda: null, feeders: 1 }, stallSeconds },
      spawner: { spawn: () => process },
      clock: this.#clock(),
      init: {
        ...{ type: "init", protocol: 1, ledger: "", stage: "none", settings: {} },
        limits: {
          ...{ batch_seconds: 1, window_seconds: 0, queue_seconds: 1, feeders: 1 },
          ...{ min_seconds: null, max_seconds: null },
        },
      },
      listener: {
        onStarted: () => this.heard.push("started"),
        onMessage: (_, { type }) => this.heard.push(type),
        onResult: (_, { index }) => {
          if (this.fault !== null) throw this.fault;
          this.heard.push(`result ${index}`);
        },
        onStrayResult: (_, { index }) => this.heard.push(`stray ${index}`),
      },
    });
    this.life = this.slot.live();
  }

  async say(...messages: (object | string)[]): Promise<void> {
    this.#lines.push(messages.map((m) => typeof m === "string" ? m : JSON.stringify(m)));
    await settle();
  }

  pass(seconds: number): void {
    for (let i = 0; i < seconds; i++) this.jump(1);
  }

  /** As when the coordinator itself was suspended. */
  jump(seconds: number): void {
    this.#now += seconds * 1000;
    for (const tick of this.#ticks) tick();
  }

  async die(exit: WorkerExit): Promise<Death | null> {
    this.#lines.close();
    this.#exit.resolve(exit);
    return await this.life;
  }

  #clock(): Clock {
    return {
      now: () => this.#now,
      every: (_, tick) => {
        this.#ticks.push(tick);
        return { [Symbol.dispose]: () => this.#ticks = [] };
      },
      sleep: () => Promise.resolve(),
    };
  }
}

/** Lets what was pushed be read: a turn of the event loop. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
}

const sample = (idx: number, seconds = 2) => ({ idx, seconds, block: null });
const CLEAN: WorkerExit = { code: 0, signal: null };

Deno.test("WorkerSlot ends without a death when all is answered and the worker leaves", async () => {
  const bench = new SlotBench();
  await bench.say(READY);
  bench.slot.lease([sample(0), sample(1)], false);
  assert.deepEqual([bench.slot.state, bench.slot.outstandingSeconds], ["working", 4]);
  await bench.say(answer(1), answer(0));
  assert.deepEqual([bench.slot.state, bench.slot.outstandingSeconds], ["idle", 0]);
  bench.slot.stop();
  assert.equal(await bench.die(CLEAN), null);
  assert.deepEqual(bench.heard, ["started", "ready", "result 1", "result 0"]);
});

Deno.test("WorkerSlot names what a dead worker had not answered", async () => {
  const bench = new SlotBench();
  await bench.say(READY);
  bench.slot.lease([sample(0), sample(1), sample(2)], true);
  await bench.say(answer(1));
  const death = await bench.die({ code: 139, signal: "SIGSEGV" });
  assert.deepEqual(death, {
    ...{ cause: "was killed by SIGSEGV", kind: "crashed", wasReady: true, answered: true },
    ...{ unanswered: [sample(0), sample(2)], logTail: "last words", gone: true },
  });
  assert.equal(bench.slot.outstanding.size, 0);
});

Deno.test("WorkerSlot takes an exit that was not asked for as a death, whatever its code", async () => {
  for (
    const [exit, kind] of [[{ code: 3, signal: null }, "crashed"], [CLEAN, "crashed"]] as const
  ) {
    const bench = new SlotBench();
    await bench.say(READY);
    bench.slot.lease([sample(0)], false);
    const death = await bench.die(exit);
    assert.deepEqual([death?.kind, death?.cause], [kind, `ended with code ${exit.code}`]);
  }
  const idle = new SlotBench();
  await idle.say(READY);
  assert.equal((await idle.die(CLEAN))?.kind, "crashed", "it would be started anew for ever");
  const early = new SlotBench();
  assert.equal((await early.die(CLEAN))?.wasReady, false);
});

Deno.test("WorkerSlot is not ready any more once it broke the protocol, though it is not dead yet", async () => {
  const bench = new SlotBench();
  await bench.say(READY);
  assert.ok(bench.slot.isReady);
  await bench.say("printed by a library");
  assert.ok(!bench.slot.isReady, "a lease now would be blamed for this death");
  assert.equal(bench.kills, 1);
  const death = await bench.die({ code: 137, signal: "SIGKILL" });
  assert.deepEqual([death?.kind, death?.wasReady], ["protocol", true]);
});

Deno.test("WorkerSlot answers a result that it does not wait for as a stray one", async () => {
  const bench = new SlotBench();
  await bench.say(READY);
  bench.slot.lease([sample(0)], false);
  await bench.say(answer(0), answer(0), answer(9));
  assert.deepEqual(bench.heard.slice(2), ["result 0", "stray 0", "stray 9"]);
  await bench.die(CLEAN);
});

Deno.test("WorkerSlot ends a worker that says nothing, not one that beats", async () => {
  const bench = new SlotBench();
  bench.pass(250);
  assert.equal(bench.kills, 0, "a model may take minutes to load");
  await bench.say(READY);
  for (let i = 0; i < 10; i++) {
    bench.pass(50);
    await bench.say(BEAT);
  }
  assert.equal(bench.kills, 0, "idle and alive");
  bench.pass(60);
  assert.equal(bench.kills, 0);
  bench.pass(1);
  assert.equal(bench.kills, 1);
  const death = await bench.die({ code: 137, signal: "SIGKILL" });
  assert.deepEqual([death?.kind, death?.cause], ["stalled", "said nothing for 61 s"]);
});

Deno.test("WorkerSlot shows what its worker says of itself while it holds something", async () => {
  const bench = new SlotBench();
  await bench.say(READY, BEAT);
  assert.equal(bench.slot.view(0).queued, 0);
  bench.slot.lease([sample(0)], false);
  const { queued, waiting, resident } = bench.slot.view(0);
  assert.deepEqual([queued, waiting, resident], [3, "model", 9]);
  await bench.die(CLEAN);
});

Deno.test("WorkerSlot gives a worker time by the longest of its samples", async () => {
  const bench = new SlotBench(10);
  await bench.say(READY);
  bench.slot.lease([sample(0, 2), sample(1, 30)], false);
  // Nothing is known of its speed: a tenth of real time.
  for (let waited = 0; waited < 300; waited += 50) {
    bench.pass(50);
    await bench.say(BEAT);
  }
  assert.equal(bench.kills, 0);
  bench.pass(11);
  assert.equal(bench.kills, 1);
  const death = await bench.die({ code: 137, signal: "SIGKILL" });
  assert.deepEqual([death?.kind, death?.cause], ["stalled", "answered nothing for 310 s"]);
});

Deno.test("WorkerSlot holds nothing against a worker that happened while the coordinator was suspended", async () => {
  const bench = new SlotBench();
  await bench.say(READY);
  bench.slot.lease([sample(0)], false);
  bench.jump(3600);
  await bench.say(BEAT, answer(0));
  bench.jump(-3600);
  assert.equal(bench.kills, 0);
  assert.deepEqual(bench.heard.slice(2), ["heartbeat", "result 0"]);
  await bench.die(CLEAN);
});

Deno.test("WorkerSlot does not take the same answer over and over for work", async () => {
  const bench = new SlotBench(10);
  await bench.say(READY);
  bench.slot.lease([sample(0), sample(1)], false);
  await bench.say(answer(0));
  for (let waited = 0; waited < 40; waited += 5) {
    bench.pass(5);
    await bench.say(BEAT, answer(0));
  }
  assert.ok(bench.kills > 0);
  const death = await bench.die({ code: 137, signal: "SIGKILL" });
  assert.equal(death?.cause, "answered nothing for 30 s");
});

Deno.test("WorkerSlot throws what its listener throws, and blames no worker for it", async () => {
  const bench = new SlotBench();
  await bench.say(READY);
  bench.slot.lease([sample(0)], false);
  const ended = assert.rejects(bench.life, /database or disk is full/);
  bench.fault = new Error("database or disk is full");
  await bench.say(answer(0));
  assert.equal(bench.kills, 1);
  await assert.rejects(bench.die({ code: 137, signal: "SIGKILL" }));
  await ended;
});

Deno.test("WorkerSlot gives up a process that outlives SIGKILL", async () => {
  const bench = new SlotBench(10);
  await bench.say(READY);
  bench.slot.lease([sample(0)], false);
  bench.pass(200);
  const death = await bench.life;
  assert.deepEqual([death?.kind, death?.gone, death?.unanswered], ["stalled", false, [sample(0)]]);
  assert.match(death?.cause ?? "", /answered nothing for 30 s, and cannot be killed/);
  assert.equal(await bench.die(CLEAN), death);
});

Deno.test("WorkerSlot does not wait for a model to load when it is to stop", async () => {
  const loading = new SlotBench();
  loading.slot.stop();
  assert.equal(loading.kills, 1);
  await loading.die({ code: 137, signal: "SIGKILL" });
  const ready = new SlotBench();
  await ready.say(READY);
  ready.slot.stop();
  assert.deepEqual([ready.kills, ready.sent.at(-1)], [0, '{"type":"stop"}']);
  await ready.die(CLEAN);
});

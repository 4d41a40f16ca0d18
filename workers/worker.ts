/**
 * The worker subprocess: one device, driven by JSON lines on standard input and output.
 *
 * @module
 */
import { messageOf } from "../lib/errors.ts";
import { readLines } from "../lib/protocol/lines.ts";
import {
  type InitMessage,
  parseCommand,
  type WorkerCommand,
  type WorkerMessage,
} from "../lib/protocol/messages.ts";
import { LineWriter } from "./line_writer.ts";
import { PlanReader } from "./plan_reader.ts";
import type { Stage, StageRegistry } from "./stage.ts";
import { StageThread } from "./stage_thread.ts";
import { STAGES } from "./stages/registry.ts";
import { THREAD_MODULE } from "./thread.ts";
import { WorkerLoop } from "./worker_loop.ts";

/** What a worker may be given instead of its own. */
export interface WorkerOptions {
  /** @default {STAGES} */
  readonly stages?: StageRegistry;
  /** The module that its threads load; it must serve the same stages. @default {THREAD_MODULE} */
  readonly threadModule?: string;
}

const HEARTBEAT_MILLISECONDS = 1000;

/** Takes commands until it is told to stop or the coordinator is gone. Ends the process. */
export async function runWorker(options: WorkerOptions = {}): Promise<never> {
  // Standard output carries the protocol; whatever a library prints belongs in the log.
  console.log = console.info = console.debug = console.error;
  // Ctrl-C reaches the whole process group; the coordinator says what is to be done about it.
  for (const signal of ["SIGINT", "SIGTERM"] as const) ignoreSignal(signal);
  const writer = new LineWriter(Deno.stdout, () => Deno.exit(1));
  const send = (message: WorkerMessage) => writer.send(message);
  try {
    const commands = readCommands();
    const first = await commands.next();
    if (first.done || first.value.type !== "init") {
      throw new TypeError("Cannot start: the first line is no init");
    }
    const target = start(first.value, options, send, async () => {
      await writer.flush();
      Deno.exit(0);
    });
    target.catch(fail);
    // While the model loads, which may take minutes, the coordinator may go just as well.
    for await (const command of commands) (await target).command(command);
  } catch (error) {
    fail(error);
  }
  // The coordinator is gone. Threads may be deep in native code; this ends them all the same.
  Deno.exit(1);
}

function fail(error: unknown): never {
  console.error(messageOf(error));
  Deno.exit(1);
}

async function* readCommands(): AsyncGenerator<WorkerCommand, void> {
  for await (const lines of readLines(Deno.stdin.readable)) {
    for (const line of lines) yield parseCommand(line);
  }
}

interface CommandTarget {
  command(command: WorkerCommand): void;
}

async function start(
  init: InitMessage,
  options: WorkerOptions,
  send: (message: WorkerMessage) => void,
  leave: () => void,
): Promise<CommandTarget> {
  const stage = (options.stages ?? STAGES)[init.stage];
  if (stage === undefined) {
    throw new RangeError(`Cannot start stage '${init.stage}': this worker has no such stage`);
  }
  const plan = new PlanReader(init.ledger);
  if (stage.inline !== undefined) return startInline(stage, init, plan, send, leave);
  return await startThreads(stage, init, plan, options.threadModule ?? THREAD_MODULE, send, leave);
}

function startInline(
  stage: Stage,
  init: InitMessage,
  plan: PlanReader,
  send: (message: WorkerMessage) => void,
  leave: () => void,
): CommandTarget {
  beat(send, () => ({ queued: 0, queued_seconds: 0, waiting: "lease" }));
  const model = String(init.settings["model"] ?? "");
  send({ type: "ready", device: "cpu", provider: "cpu", memory: null, model });
  return {
    command(command) {
      if (command.type === "stop") leave();
      if (command.type !== "lease") return;
      for (const sample of plan.read(command.indices)) {
        const answer = stage.inline?.(sample) ?? { seconds: 0, output: {} };
        send({
          type: "result",
          index: sample.idx,
          status: "ok",
          ...answer,
          milliseconds: { prepare: 0, run: 0 },
        });
      }
    },
  };
}

async function startThreads(
  stage: Stage,
  init: InitMessage,
  plan: PlanReader,
  module: string,
  send: (message: WorkerMessage) => void,
  leave: () => void,
): Promise<CommandTarget> {
  const thread = (role: "feeder" | "model") =>
    new StageThread({
      ...{ module, role, stage: init.stage, settings: init.settings, onBroken: fail },
      onReply: (reply) => loop.reply(reply),
    });
  const model = thread("model");
  const feeders = Array.from({ length: init.limits.feeders }, () => thread("feeder"));
  const eager = init.settings["provider"] === "cpu";
  const loop = new WorkerLoop({
    ...{ init, plan, feeders, model, eager, send, onIdleAfterStop: leave, onDeviceLost: fail },
    cutter: await stage.makeCutter(init.settings),
  });
  const [{ modelDigest, provider }] = await Promise.all([
    model.started,
    ...feeders.map((feeder) => feeder.started),
  ]);
  beat(send, () => loop.status());
  const device = Deno.env.get("CUDA_VISIBLE_DEVICES") ?? provider;
  send({
    type: "ready",
    device: provider === "cuda" ? `cuda:${device}` : provider,
    provider,
    memory: null,
    model: modelDigest,
  });
  return loop;
}

type Heartbeat = Extract<WorkerMessage, { type: "heartbeat" }>;

function beat(
  send: (message: WorkerMessage) => void,
  status: () => Pick<Heartbeat, "queued" | "queued_seconds" | "waiting">,
): void {
  setInterval(
    () => send({ type: "heartbeat", ...status(), resident: Deno.memoryUsage().rss }),
    HEARTBEAT_MILLISECONDS,
  );
}

function ignoreSignal(signal: Deno.Signal): void {
  try {
    Deno.addSignalListener(signal, () => {});
  } catch {
    // Windows has no SIGTERM to ignore.
  }
}

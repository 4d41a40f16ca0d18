/**
 * The life of a feeder or model thread.
 *
 * @module
 */
import { messageOf, SampleError } from "../lib/errors.ts";
import type { Preparer, Runner, StageRegistry } from "./stage.ts";
import type { ThreadReply, ThreadRequest } from "./threads.ts";

/** The part of a Web Worker's global scope that is used here. */
interface ThreadScope {
  onmessage: ((event: MessageEvent<ThreadRequest>) => void) | null;
  postMessage(message: ThreadReply, transfer: Transferable[]): void;
}

/** Whether this code runs in a Web Worker: the module is also loaded by the main thread. */
export function isThread(): boolean {
  return "WorkerGlobalScope" in globalThis;
}

/** Answers requests for as long as the thread lives. */
export function serveThread(stages: StageRegistry): void {
  // Standard output carries the protocol; whatever a library prints belongs in the log.
  console.log = console.info = console.debug = console.error;
  const scope = globalThis as unknown as ThreadScope;
  const reply = (message: ThreadReply, transfer: Transferable[] = []) =>
    scope.postMessage(message, transfer);
  let preparer: Preparer | null = null;
  let runner: Runner | null = null;
  let queue = Promise.resolve();

  const handle = async (request: ThreadRequest): Promise<void> => {
    if (request.type === "start") {
      const stage = stages[request.stage];
      if (stage === undefined) {
        throw new RangeError(`Cannot start stage '${request.stage}': it is unknown`);
      }
      if (request.role === "feeder") preparer = await stage.makePreparer(request.settings);
      else runner = await stage.makeRunner(request.settings);
      reply({
        type: "started",
        modelDigest: runner?.modelDigest ?? "",
        provider: runner?.provider ?? "",
      });
    } else if (request.type === "prepare" && preparer !== null) prepare(preparer, request, reply);
    else if (request.type === "run" && runner !== null) await run(runner, request, reply);
  };
  scope.onmessage = ({ data }) => {
    queue = queue.then(() => handle(data)).catch((error: unknown) =>
      reply({ type: "broken", message: messageOf(error) })
    );
  };
}

type Reply = (message: ThreadReply, transfer?: Transferable[]) => void;

function prepare(
  preparer: Preparer,
  { sample }: Extract<ThreadRequest, { type: "prepare" }>,
  reply: Reply,
): void {
  const { idx } = sample;
  const begin = performance.now();
  try {
    const { seconds, numSamples, data } = preparer.prepare(sample);
    const milliseconds = performance.now() - begin;
    reply({ type: "prepared", idx, seconds, numSamples, data, milliseconds }, [data.buffer]);
  } catch (error) {
    const reason = error instanceof SampleError ? error.reason : "internal_error";
    reply({ type: "unprepared", idx, reason, detail: messageOf(error) });
  }
}

async function run(
  runner: Runner,
  { batch, data, count }: Extract<ThreadRequest, { type: "run" }>,
  reply: Reply,
): Promise<void> {
  const begin = performance.now();
  try {
    const results = await runner.run(data, count);
    reply({ type: "ran", batch, results, milliseconds: performance.now() - begin });
  } catch (error) {
    reply({ type: "unrun", batch, message: messageOf(error) });
  }
}

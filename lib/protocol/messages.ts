/**
 * What the coordinator and a worker say to each other: JSON lines over the worker's standard
 * input and output, one object a line, `type` first. Both ends check every line.
 *
 * @module
 */
import { z } from "../npm/zod.ts";
import { FAILURE_REASONS } from "../errors.ts";

/** Raised by every change that an older worker would misread. */
export const PROTOCOL_VERSION = 1;

const index = z.int().min(0);

/** Limits a worker keeps. */
const limits = z.strictObject({
  /** Padded seconds of audio in one batch. */
  batch_seconds: z.number().positive(),
  /** Seconds of the windows that longer clips are cut into; 0 leaves them whole. */
  window_seconds: z.number().min(0),
  /** Seconds of prepared audio that may wait for the model. */
  queue_seconds: z.number().positive(),
  /** Threads that read and decode. */
  feeders: z.int().min(1),
  /** Clips outside these seconds are filtered. */
  min_seconds: z.number().nullable(),
  max_seconds: z.number().nullable(),
});

const init = z.strictObject({
  type: z.literal("init"),
  protocol: z.literal(PROTOCOL_VERSION),
  /** Absolute path of the ledger, opened read-only. */
  ledger: z.string(),
  /** Which stage, and its own settings. */
  stage: z.string(),
  settings: z.record(z.string(), z.unknown()),
  limits,
});

const lease = z.strictObject({
  type: z.literal("lease"),
  lease: z.int().min(1),
  indices: z.array(index).min(1),
});

const stop = z.strictObject({ type: z.literal("stop") });

const ready = z.strictObject({
  type: z.literal("ready"),
  device: z.string(),
  provider: z.string(),
  /** Bytes of memory the device has; null where it is not known. */
  memory: z.number().nullable(),
  /** SHA-256 of the model that was loaded. */
  model: z.string(),
});

const milliseconds = z.strictObject({ prepare: z.number(), run: z.number() });

const done = z.strictObject({
  type: z.literal("result"),
  index,
  status: z.literal("ok"),
  output: z.record(z.string(), z.unknown()),
  /** Seconds of audio in the sample; 0 for text. */
  seconds: z.number().min(0),
  milliseconds,
});

const failed = z.strictObject({
  type: z.literal("result"),
  index,
  status: z.literal("failed"),
  stage: z.enum(["prepare", "run"]),
  reason: z.enum(FAILURE_REASONS),
  detail: z.string(),
  /** Whether another attempt may succeed. */
  retry: z.boolean(),
});

const filtered = z.strictObject({
  type: z.literal("result"),
  index,
  status: z.literal("filtered"),
  reason: z.enum(["too_short", "too_long"]),
  seconds: z.number().min(0),
});

const batch = z.strictObject({
  type: z.literal("batch"),
  size: z.int().min(1),
  padded_seconds: z.number().min(0),
  milliseconds: z.number().min(0),
  /** Times that this batch was halved because memory ran out. */
  halvings: z.int().min(0),
});

const heartbeat = z.strictObject({
  type: z.literal("heartbeat"),
  /** Samples prepared and waiting for the model. */
  queued: z.int().min(0),
  queued_seconds: z.number().min(0),
  /** Resident memory of the worker process, in bytes. */
  resident: z.number().min(0),
  waiting: z.enum(["lease", "decode", "model", "nothing"]),
});

const toWorker = z.discriminatedUnion("type", [init, lease, stop]);
const fromWorker = z.discriminatedUnion("type", [
  z.discriminatedUnion("status", [done, failed, filtered]),
  ready,
  batch,
  heartbeat,
]);

/** The first message to a worker. */
export type InitMessage = z.infer<typeof init>;
/** Limits a worker keeps. */
export type WorkerLimits = z.infer<typeof limits>;
/** Any message to a worker. */
export type WorkerCommand = z.infer<typeof toWorker>;
/** Any message from a worker. */
export type WorkerMessage = z.infer<typeof fromWorker>;
/** The answer for one sample. */
export type ResultMessage = Extract<WorkerMessage, { type: "result" }>;

/** A line that is not what the protocol allows. It ends the worker, not the run. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** @throws {ProtocolError} If the line is no message to a worker. */
export function parseCommand(line: string): WorkerCommand {
  return parse(toWorker, line);
}

/** @throws {ProtocolError} If the line is no message from a worker. */
export function parseMessage(line: string): WorkerMessage {
  return parse(fromWorker, line);
}

function parse<T>(schema: z.ZodType<T>, line: string): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ProtocolError(
      `Cannot read a protocol line: not JSON: ${excerpt(line)}`,
    );
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined
    ? ""
    : `${issue.path.join(".") || "the message"}: ${issue.message}: `;
  throw new ProtocolError(
    `Cannot read a protocol line: ${where}${excerpt(line)}`,
  );
}

function excerpt(line: string): string {
  return line.length <= 120 ? line : `${line.slice(0, 120)}… (${line.length} characters)`;
}

/**
 * The errors of speechmill. One hierarchy, because the exit code and the words in
 * `failed.jsonl` depend on which one was thrown; where no caller needs to tell errors
 * apart, the built-in classes are used.
 *
 * @module
 */

/** How the program ends; see `docs/architecture.md`. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  quarantined: 3,
  stopped: 75,
} as const;

/** One of the documented exit codes. */
export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** An error with a message for people and the exit code that it ends the program with. */
export class SpeechmillError extends Error {
  override name = "SpeechmillError";
  readonly exitCode: ExitCode = EXIT.failed;
}

/** What was asked to stop before it made anything to go on with. */
export class StoppedError extends SpeechmillError {
  override name = "StoppedError";
  override readonly exitCode = EXIT.stopped;
}

/** Wrong flags, or a config file that does not fit its schema. */
export class UsageError extends SpeechmillError {
  override name = "UsageError";
  override readonly exitCode = EXIT.usage;
}

/**
 * A run directory that cannot be used as asked: another run lives in it, or its config,
 * input or model is no longer what it was planned with.
 */
export class RunConflictError extends SpeechmillError {
  override name = "RunConflictError";
  override readonly exitCode = EXIT.usage;
  /** What differs, one sentence each. */
  readonly differences: readonly string[];

  constructor(message: string, differences: readonly string[] = []) {
    super(
      differences.length === 0
        ? message
        : `${message}\n${differences.map((line) => `  - ${line}`).join("\n")}`,
    );
    this.differences = differences;
  }
}

/** Every device is gone or keeps failing. What was done is kept; the run can be resumed. */
export class DeviceError extends SpeechmillError {
  override name = "DeviceError";
}

/** Why a sample was quarantined. The words stand in `failed.jsonl` and in `docs/formats.md`. */
export const FAILURE_REASONS = [
  "malformed_line",
  "missing_file",
  "input_changed",
  "empty_file",
  "not_audio",
  "unsupported_audio",
  "corrupt_audio",
  "truncated_audio",
  "no_samples",
  "not_finite",
  "bad_sample_rate",
  "bad_segment",
  "no_audio",
  "out_of_memory",
  "model_error",
  "bad_output",
  "worker_crashed",
  "worker_stalled",
  "internal_error",
] as const;

/** Why a sample was quarantined. */
export type FailureReason = typeof FAILURE_REASONS[number];

/** Where on its way a sample failed. */
export type FailureStage = "plan" | "prepare" | "run";

/** One sample cannot be done. It costs that sample alone. */
export class SampleError extends SpeechmillError {
  override name = "SampleError";
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * What the runtime's errors mean. It throws plain `Error`s without a code, so the text decides.
 *
 * @module
 */
import { messageOf } from "../lib/errors.ts";

/** What to do about an error of the runtime: halve the batch, restart the process, or report it. */
export type RuntimeErrorKind = "out_of_memory" | "device_lost" | "other";

/** After one of these every later call on the device fails too. */
const DEVICE_LOST = [
  /CUDA(?: failure| error:?) (?:46|214|700|702|709|71[0-9]|999)\b/i,
  /an illegal memory access/i,
  /an illegal instruction/i,
  /misaligned address/i,
  /unspecified launch failure/i,
  /device-side assert/i,
  /context is destroyed/i,
  /\bECC error/i,
  /CUDA-capable device\(s\) is\/are busy or unavailable/i,
  /GPU (?:is lost|has fallen off the bus)/i,
  /(?:WebGPU )?device (?:was|is) lost/i,
];

const OUT_OF_MEMORY = [
  /Failed to allocate memory for requested buffer of size/i,
  /out of memory/i,
  /ALLOC_FAILED/,
  /std::bad_alloc/,
  /is smaller than requested bytes/i,
  /cudaErrorMemoryAllocation/,
  // cuDNN answers so when its workspace does not fit.
  /CUDNN failure 4\b|CUDNN_STATUS_INTERNAL_ERROR/,
];

/**
 * Tells running out of memory, which a smaller batch mends, from a lost device, which only a
 * new process mends.
 *
 * A lost device is looked for first: its messages often speak of memory too.
 * Source of the messages: onnxruntime 1.30, `bfc_arena.cc`, `cuda_call.cc`, and the texts of
 * `cudaGetErrorString`.
 *
 * @param error Whatever a session threw.
 */
export function classifyRuntimeError(error: unknown): RuntimeErrorKind {
  const message = messageOf(error);
  if (DEVICE_LOST.some((pattern) => pattern.test(message))) {
    return "device_lost";
  }
  if (OUT_OF_MEMORY.some((pattern) => pattern.test(message))) {
    return "out_of_memory";
  }
  return "other";
}

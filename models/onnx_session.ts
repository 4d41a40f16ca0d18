/**
 * One ONNX graph opened on one execution provider, held to the contract it must keep.
 *
 * @module
 */
import { DeviceError, messageOf, SpeechmillError } from "../lib/errors.ts";
import type { InferenceSession, Tensor } from "../lib/npm/onnxruntime.ts";
import type { CodecOptions } from "./codec.ts";
import { loadRuntime } from "./runtime.ts";
import { type SessionContract, violationsOf } from "./session_contract.ts";

/** A graph to open. */
export interface ModelFile {
  /** What messages call it: `encoder.onnx`, or its path. */
  readonly name: string;
  /** A path, or the content of the file. */
  readonly model: string | Uint8Array;
}

/** How to open a graph. */
export interface SessionOptions extends CodecOptions {
  readonly contract: SessionContract;
}

/** Values of one tensor, row-major. */
export interface TensorValue {
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** An opened graph. Its native memory is held until it is disposed of. */
export class OnnxSession implements AsyncDisposable {
  readonly #session: InferenceSession;
  readonly #runtime: Awaited<ReturnType<typeof loadRuntime>>;

  private constructor(
    session: InferenceSession,
    runtime: Awaited<ReturnType<typeof loadRuntime>>,
  ) {
    this.#session = session;
    this.#runtime = runtime;
  }

  /**
   * Opens a graph and checks it. The provider asked for is used or the call fails: it is never
   * replaced by another.
   *
   * @throws {DeviceError} If the provider is not there.
   * @throws {SpeechmillError} If the file is no ONNX graph, or its tensors are not the contract's.
   */
  static async open(
    file: ModelFile,
    options: SessionOptions,
  ): Promise<OnnxSession> {
    const runtime = await loadRuntime();
    const session = await createSession(runtime, file, options);
    const violations = violationsOf(options.contract, {
      inputs: session.inputMetadata,
      outputs: session.outputMetadata,
    });
    if (violations.length > 0) {
      await session.release();
      throw new SpeechmillError(
        `Cannot use '${file.name}' as ${options.contract.role}: ${violations.join("; ")}`,
      );
    }
    return new OnnxSession(session, runtime);
  }

  /**
   * Runs the graph. The thread is blocked until it is done.
   *
   * @param feeds The inputs by name. Their buffers are read in place.
   * @returns The outputs by name.
   * @throws {Error} As the runtime throws; see `classifyRuntimeError`.
   */
  async run(
    feeds: Readonly<Record<string, TensorValue>>,
  ): Promise<Record<string, TensorValue>> {
    const tensors: Record<string, Tensor> = {};
    for (const [name, { data, dims }] of Object.entries(feeds)) {
      tensors[name] = data instanceof Float32Array
        ? new this.#runtime.Tensor("float32", data, dims)
        : new this.#runtime.Tensor("int64", data, dims);
    }
    const outputs: Record<string, TensorValue> = {};
    for (
      const [name, tensor] of Object.entries(await this.#session.run(tensors))
    ) {
      const data = tensor.data;
      if (data instanceof Float32Array || data instanceof BigInt64Array) {
        outputs[name] = { data, dims: tensor.dims };
      }
    }
    return outputs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }
}

async function createSession(
  runtime: Awaited<ReturnType<typeof loadRuntime>>,
  file: ModelFile,
  options: SessionOptions,
): Promise<InferenceSession> {
  const provider = options.provider ?? "cpu";
  const settings: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: options.threads ?? 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  };
  try {
    return typeof file.model === "string"
      ? await runtime.InferenceSession.create(file.model, settings)
      : await runtime.InferenceSession.create(file.model, settings);
  } catch (error) {
    throw openingError(file, provider, error);
  }
}

function openingError(
  file: ModelFile,
  provider: string,
  cause: unknown,
): SpeechmillError {
  const detail = messageOf(cause).trim();
  if (
    /ExecutionProvider|no available backend|WebGPU adapter|webgpu_context|CUDA failure/
      .test(detail)
  ) {
    return new DeviceError(
      `Cannot open '${file.name}' on ${provider}: the execution provider does not start: ${detail}; ` +
        `'speechmill doctor' says what is missing`,
      { cause },
    );
  }
  return new SpeechmillError(
    `Cannot open '${file.name}' on ${provider}: ${detail}`,
    { cause },
  );
}

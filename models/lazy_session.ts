/**
 * A session that is opened when it is first used: a worker that encodes never loads the decoder.
 *
 * @module
 */
import { SpeechmillError } from "../lib/errors.ts";
import {
  type ModelFile,
  OnnxSession,
  type SessionOptions,
  type TensorValue,
} from "./onnx_session.ts";

/** Opens a graph at the first run and closes it when disposed of. */
export class LazySession implements AsyncDisposable {
  readonly #load: () => Promise<ModelFile>;
  readonly #options: SessionOptions;
  #opening: Promise<OnnxSession> | null = null;
  #closed = false;

  constructor(load: () => Promise<ModelFile>, options: SessionOptions) {
    this.#load = load;
    this.#options = options;
  }

  /**
   * Runs the graph, opening it first where needed.
   *
   * @throws As `OnnxSession.open` and `OnnxSession.run` throw; a failed opening is tried anew.
   */
  async run(
    feeds: Readonly<Record<string, TensorValue>>,
  ): Promise<Record<string, TensorValue>> {
    if (this.#closed) {
      throw new SpeechmillError(
        `Cannot run ${this.#options.contract.role}: it is closed`,
      );
    }
    this.#opening ??= this.#open();
    return await (await this.#opening).run(feeds);
  }

  async #open(): Promise<OnnxSession> {
    try {
      return await OnnxSession.open(await this.#load(), this.#options);
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = null;
    // An opening that failed told its caller so, and left nothing to close.
    const session = await opening?.catch(() => null);
    await session?.[Symbol.asyncDispose]();
  }
}

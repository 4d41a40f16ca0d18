/**
 * Runs a graph that a test has just written.
 *
 * @module
 */
import { realFileSystem } from "../../lib/fs.ts";
import type { GraphTensor, OnnxGraph } from "../../models/graph/graph.ts";
import { writeGraph } from "../../models/graph/write.ts";
import { OnnxSession, type TensorValue } from "../../models/onnx_session.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";

/** A graph that is open on the CPU; its file is gone once it is disposed of. */
export class OpenGraph implements AsyncDisposable {
  readonly #folder: TemporaryFolder;
  readonly #session: OnnxSession;

  private constructor(folder: TemporaryFolder, session: OnnxSession) {
    this.#folder = folder;
    this.#session = session;
  }

  /** Writes a graph with its weights into a folder and opens it. */
  static async open(graph: OnnxGraph, inputs: readonly GraphTensor[]): Promise<OpenGraph> {
    const folder = new TemporaryFolder();
    const model = folder.file("graph.onnx");
    await writeGraph(graph, model, { fs: realFileSystem });
    const session = await OnnxSession.open({ name: "graph.onnx", model }, {
      contract: { role: "a graph of a test", inputs, outputs: [] },
    });
    return new OpenGraph(folder, session);
  }

  /** Runs it. */
  run(feeds: Readonly<Record<string, TensorValue>>): Promise<Record<string, TensorValue>> {
    return this.#session.run(feeds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}

/**
 * What a worker prints: all of it into its log file, the last lines for error messages.
 *
 * @module
 */

/** Lines that are kept for error messages. */
const TAIL_LINES = 20;
/** Characters of a line that are kept: a progress bar is one line that never ends. */
const LINE_CHARACTERS = 4096;

/** The log of one worker process. */
export class WorkerLog {
  #tail: string[] = [];
  #rest = "";

  /** The last lines. */
  get tail(): string {
    const lines = this.#rest === "" ? this.#tail : [...this.#tail, this.#rest];
    return lines.slice(-TAIL_LINES).join("\n");
  }

  /**
   * Keeps a stream until it ends. A log that cannot be written, on a full disk say, must not
   * end a worker or a run: the tail is kept all the same.
   */
  async keep(stream: ReadableStream<Uint8Array>, path: string): Promise<void> {
    using file = openLog(path);
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      file?.write(bytes);
      this.#add(decoder.decode(bytes, { stream: true }));
    }
  }

  #add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(-LINE_CHARACTERS);
    this.#tail = [...this.#tail, ...lines.filter((line) => line !== "")].slice(-TAIL_LINES);
  }
}

function openLog(path: string): { write(bytes: Uint8Array): void } & Disposable | null {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { append: true, create: true });
  } catch {
    return null;
  }
  return {
    write(bytes) {
      try {
        for (let written = 0; written < bytes.length;) {
          written += file.writeSync(bytes.subarray(written));
        }
      } catch {
        // The next lines may fit again.
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}

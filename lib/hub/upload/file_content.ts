/**
 * A part of a file as the body of a request.
 *
 * @module
 */

const PIECE = 64 * 1024;

/** Bytes of a file that are read when they are sent. The hash of such a blob needs no memory. */
export class FileContent extends Blob {
  readonly path: string;
  readonly #begin: number;
  readonly #end: number;
  readonly #onError: ((error: unknown) => void) | undefined;

  /**
   * @param begin First byte.
   * @param end The byte after the last one.
   * @param onError Called where the file cannot be read, whoever reads it. What reads it is then
   * never answered: the library leaves rejections unhandled, which would end the process.
   * @default the reader gets the error
   */
  constructor(
    path: string,
    begin: number,
    end: number,
    onError?: (error: unknown) => void,
  ) {
    super();
    this.path = path;
    this.#begin = begin;
    this.#end = end;
    this.#onError = onError;
  }

  /** The first byte's place in the file. */
  get begin(): number {
    return this.#begin;
  }

  override get size(): number {
    return this.#end - this.#begin;
  }

  override slice(begin = 0, end = this.size): FileContent {
    const at = (offset: number) => this.#begin + Math.min(Math.max(offset, 0), this.size);
    return new FileContent(this.path, at(begin), Math.max(at(begin), at(end)), this.#onError);
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const pieces = this.#pieces();
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await pieces.return(undefined);
      },
    }, { highWaterMark: 0 });
  }

  override async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(this.size);
    let filled = 0;
    for await (const piece of this.#pieces()) {
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }

  async *#pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
    try {
      yield* readPieces(this.path, this.#begin, this.size);
    } catch (error) {
      if (this.#onError === undefined) throw error;
      this.#onError(error);
      await new Promise<never>(() => {});
    }
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }
}

/** The bytes of a part of a file, piece by piece. */
async function* readPieces(
  path: string,
  begin: number,
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  if (size === 0) return;
  using file = await Deno.open(path);
  await file.seek(begin, Deno.SeekMode.Start);
  for (let left = size; left > 0;) {
    const piece = new Uint8Array(Math.min(left, PIECE));
    const count = await file.read(piece);
    if (count === null) throw new Error(`Cannot read '${path}': it became shorter meanwhile`);
    left -= count;
    yield piece.subarray(0, count);
  }
}

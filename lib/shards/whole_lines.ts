/**
 * Lines of a text file that must end as it should.
 *
 * @module
 */
import { readLines } from "../protocol/lines.ts";

const LINE_FEED = 0x0a;

/**
 * The lines of a file.
 *
 * @throws {Error} If its last line has no end.
 */
export async function* readWholeLines(path: string): AsyncGenerator<string, void, void> {
  const file = await Deno.open(path);
  const last = { byte: LINE_FEED };
  for await (const lines of readLines(watched(file.readable, last))) yield* lines;
  if (last.byte !== LINE_FEED) throw new Error("its last line has no end");
}

async function* watched(
  stream: AsyncIterable<Uint8Array>,
  last: { byte: number },
): AsyncGenerator<Uint8Array, void, void> {
  for await (const bytes of stream) {
    last.byte = bytes.at(-1) ?? last.byte;
    yield bytes;
  }
}

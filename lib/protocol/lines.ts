/**
 * Bytes to lines.
 *
 * @module
 */

/** Longest line either end accepts, in characters: the codes of many hours. */
const MAX_LINE = 256 * 1024 * 1024;

/**
 * Splits a UTF-8 stream into lines, and yields those of each chunk together. A last line
 * without its line feed is not yielded: its writer died in the middle of it.
 *
 * @throws {RangeError} If a line is longer than 256 Mi characters.
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let restLength = 0;
  for await (const bytes of stream) {
    const parts = decoder.decode(bytes, { stream: true }).split("\n");
    const last = parts.pop() ?? "";
    if (parts.length > 0) {
      parts[0] = rest.join("") + parts[0];
      rest = [];
      restLength = 0;
      yield parts;
    }
    rest.push(last);
    restLength += last.length;
    if (restLength > MAX_LINE) {
      throw new RangeError(
        `Cannot read a line: it is longer than ${MAX_LINE} characters`,
      );
    }
  }
}

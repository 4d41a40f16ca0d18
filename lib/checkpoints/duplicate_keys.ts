/**
 * A key that stands twice in a JSON object: `JSON.parse` keeps the last without a word.
 *
 * @module
 */

/**
 * Finds a key that stands twice in one object.
 *
 * @param text Valid JSON.
 * @returns The first such key, or null.
 */
export function duplicateKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let expectsKey = false;
  for (let position = 0; position < text.length; position++) {
    const keys = open.at(-1) ?? null;
    const sign = text[position];
    if (sign === '"') {
      const end = stringEnd(text, position);
      if (expectsKey && keys !== null) {
        const key = String(JSON.parse(text.slice(position, end)));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      expectsKey = false;
      position = end - 1;
    } else if (sign === "{" || sign === "[") {
      open.push(sign === "{" ? new Set() : null);
      expectsKey = sign === "{";
    } else if (sign === "}" || sign === "]") {
      open.pop();
    } else if (sign === ",") {
      expectsKey = keys !== null;
    }
  }
  return null;
}

/** The position after the string that starts here. */
function stringEnd(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && text[position] !== '"') {
    position += text[position] === "\\" ? 2 : 1;
  }
  return position + 1;
}

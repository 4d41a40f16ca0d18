/**
 * The order of names: by Unicode code point, whatever the locale.
 *
 * @module
 */

/**
 * Compares by code point, which is also the order of the UTF-8 bytes. The built-in `<` compares
 * UTF-16 units and puts an emoji before `U+E000`.
 */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return codePointRank(a) - codePointRank(b);
  }
  return left.length - right.length;
}

/** Moves surrogates, which stand for code points past `U+FFFF`, behind all other units. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

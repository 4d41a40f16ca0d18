/**
 * How many columns a text takes on a terminal.
 *
 * @module
 */

const CONTROL = /\p{Cc}/gu;
/** What `colour()` puts around words. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/**
 * Text that cannot move the cursor or recolour the terminal: ids and messages come from files
 * that others wrote. Control characters become escapes such as `\x1b`.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\x${hex(character)}`);
}

/** Columns that a text without control characters takes: wide East Asian letters and emoji take two. */
export function displayWidth(text: string): number {
  // ASCII alone is nearly every line that is drawn.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cuts a text to so many columns; what is cut ends in `…`. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns <= 0) return "";
  let kept = "";
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    const added = WIDE.test(segment) ? 2 : 1;
    if (width + added > columns - 1) break;
    kept += segment;
    width += added;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * Breaks a text into lines of so many columns, at spaces alone: paths stay whole, to be copied.
 *
 * @param indent Spaces before every line but the first.
 */
export function fold(text: string, columns: number, indent = 0): string[] {
  if (visibleWidth(text) <= columns) return [text];
  const lines: string[] = [];
  const hang = " ".repeat(indent);
  // Every word with the spaces before it.
  const [first = "", ...words] = text.match(/ *[^ ]+/g) ?? [];
  let line = first;
  for (const word of words) {
    if (visibleWidth(line + word) <= columns) line += word;
    else {
      lines.push(line);
      line = hang + word.trimStart();
    }
  }
  return [...lines, line];
}

/** Columns of a text that may be coloured. */
function visibleWidth(text: string): number {
  return displayWidth(text.replace(COLOUR, ""));
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, "0");
}

/**
 * Makes a picture of a terminal from its text: `… | deno run docs/images/terminal_picture.ts > run.svg`.
 *
 * @module
 */

const CHARACTER = { width: 8.4, height: 19 };
const MARGIN = 16;

/** SVG of lines of text; lines that begin with `$` are what the user typed. */
export function terminalPicture(lines: readonly string[]): string {
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * CHARACTER.width + 2 * MARGIN);
  const height = lines.length * CHARACTER.height + 2 * MARGIN;
  const rows = lines.map((line, i) => {
    const y = MARGIN + (i + 0.75) * CHARACTER.height;
    const fill = line.startsWith("$") ? "#9ece6a" : line.startsWith("[") ? "#7aa2f7" : "#c0caf5";
    return `<text x="${MARGIN}" y="${y}" fill="${fill}" xml:space="preserve">${
      escape(line)
    }</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    `  font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">`,
    `<rect width="100%" height="100%" rx="8" fill="#1a1b26"/>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

if (import.meta.main) {
  const text = await new Response(Deno.stdin.readable).text();
  console.log(terminalPicture(text.trimEnd().split("\n")).trimEnd());
}

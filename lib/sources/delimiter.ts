/**
 * What separates the cells of a table, where nobody said.
 *
 * @module
 */

const CANDIDATES: readonly string[] = ["\t", "|", ",", ";"];

/**
 * Guesses the delimiter: by the extension `.tsv` or `.psv`; else the one by which the first line
 * has a cell `id`; else the first of tab, `|`, comma and semicolon that the line holds.
 *
 * @param extension Lower case, without its dot.
 */
export function guessDelimiter(firstLine: string, extension: string): string {
  if (extension === "tsv") return "\t";
  if (extension === "psv") return "|";
  return CANDIDATES.find((delimiter) => hasIdCell(firstLine, delimiter)) ??
    CANDIDATES.find((delimiter) => firstLine.includes(delimiter)) ?? ",";
}

/** Whether quotes enclose cells, where nobody said: in CSV they do. */
export function guessQuotes(delimiter: string): boolean {
  return delimiter === "," || delimiter === ";";
}

/** Whether the cells are names: one of them is `id`. */
export function looksLikeHeader(cells: readonly string[]): boolean {
  return cells.some((cell) => cell.trim().toLowerCase() === "id");
}

function hasIdCell(line: string, delimiter: string): boolean {
  if (!line.includes(delimiter)) return false;
  const cells = line.replaceAll('"', "").split(delimiter);
  return looksLikeHeader(cells);
}

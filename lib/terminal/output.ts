/**
 * Where words for people go.
 *
 * @module
 */

/** A stream that people read. */
export interface Output {
  /** Writes all of `text`. A reader that is gone is no error. */
  write(text: string): void;
  /** Whether lines can be redrawn in place. */
  readonly isTerminal: boolean;
  /** Whether colours are wanted. */
  readonly hasColour: boolean;
  /** Size of the terminal, asked anew each time: it may change. */
  size(): { readonly columns: number; readonly rows: number };
}

/** What `systemOutput` needs of a stream. */
export interface OutputStream {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

const DEFAULT_SIZE = { columns: 80, rows: 24 };

/**
 * Standard output or standard error, as people see it.
 *
 * `TERM=dumb` counts as no terminal, `NO_COLOR` turns colours off.
 */
export function systemOutput(stream: OutputStream): Output {
  const isTerminal = stream.isTerminal() && Deno.env.get("TERM") !== "dumb";
  return {
    isTerminal,
    hasColour: isTerminal && !Deno.noColor,
    write: (text) => writeAll(stream, text),
    size() {
      try {
        return Deno.consoleSize();
      } catch {
        return DEFAULT_SIZE;
      }
    },
  };
}

/** Writes all of a text; a pipe whose reader has left takes the rest silently. */
function writeAll(stream: OutputStream, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    let written = 0;
    while (written < bytes.length) written += stream.writeSync(bytes.subarray(written));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * Progress on a terminal, redrawn in place.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Output } from "./output.ts";
import type { Picture, View } from "./view.ts";
import { displayWidth, fold, truncate } from "./width.ts";

/** Ten pictures a second at most. */
const REDRAW_MILLISECONDS = 100;

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const ERASE_BELOW = "\x1b[J";
/** Ends a line: what a wider line left there goes. */
const NEXT_LINE = "\x1b[K\n";

/** Columns that what is broken off a line stands further in: the line of a list stays one. */
function hangOf(line: string): number {
  const indent = line.length - line.trimStart().length;
  return indent === 0 ? 0 : indent + 2;
}

/** Draws below what was printed, and redraws there. */
export class LiveView implements View {
  #output: Output;
  #picture: Picture | null = null;
  #drawn: readonly string[] = [];
  #isStale = false;
  #timer: Disposable;
  #restore = () => this[Symbol.dispose]();
  #isOpen = true;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#timer = clock.every(REDRAW_MILLISECONDS, () => this.#redraw());
    // Deno.exit() runs no `finally`, but tells this first.
    globalThis.addEventListener("unload", this.#restore);
    output.write(HIDE_CURSOR);
  }

  show(picture: Picture): void {
    this.#picture = picture;
    this.#isStale = true;
  }

  print(line: string): void {
    const text = fold(line, this.#output.size().columns, hangOf(line)).join("\n");
    if (!this.#isOpen) return this.#output.write(`${text}\n`);
    this.#output.write(`${this.#toTop()}${ERASE_BELOW}${text}\n${this.#draw()}`);
  }

  /** Leaves the last picture standing and gives the cursor back. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#timer[Symbol.dispose]();
    globalThis.removeEventListener("unload", this.#restore);
    this.#output.write(`${this.#toTop()}${this.#draw()}${SHOW_CURSOR}`);
  }

  #redraw(): void {
    if (this.#isStale) this.#output.write(this.#toTop() + this.#draw());
  }

  #draw(): string {
    this.#isStale = false;
    const { columns, rows } = this.#output.size();
    // The last column stays free: some terminals break the line when it is filled.
    const width = Math.max(1, columns - 1);
    // A picture as high as the terminal would scroll its own top away.
    const height = Math.max(1, rows - 1);
    const lines = this.#picture?.lines(width, height).slice(-height) ?? [];
    this.#drawn = lines.map((line) => truncate(line, width));
    return this.#drawn.map((line) => line + NEXT_LINE).join("") + ERASE_BELOW;
  }

  /** Moves to where the drawn lines begin; a terminal made narrower has broken them into more. */
  #toTop(): string {
    const { columns } = this.#output.size();
    let height = 0;
    for (const line of this.#drawn) {
      height += Math.max(1, Math.ceil(displayWidth(line) / Math.max(1, columns)));
    }
    return height === 0 ? "" : `\r\x1b[${height}A`;
  }
}

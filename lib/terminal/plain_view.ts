/**
 * Progress in a log or a pipe: a plain line now and then.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Output } from "./output.ts";
import type { Picture, View } from "./view.ts";

const EVERY_MILLISECONDS = 30_000;

/** Prints a line every 30 seconds. */
export class PlainView implements View {
  #output: Output;
  #clock: Clock;
  #last: number;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#last = clock.now();
  }

  show(picture: Picture): void {
    const now = this.#clock.now();
    if (now - this.#last < EVERY_MILLISECONDS) return;
    this.#last = now;
    this.print(picture.text);
  }

  print(line: string): void {
    this.#output.write(`${line}\n`);
  }

  [Symbol.dispose](): void {}
}

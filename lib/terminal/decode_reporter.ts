/**
 * Tells people how far decoding is.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { DecodeEvent } from "../decode_run.ts";
import { formatAudio, formatCount, formatNumberOf, formatPercent } from "./format.ts";
import type { Output } from "./output.ts";
import { openView, type View } from "./view.ts";

/** Draws one line: how many rows are decoded. */
export class DecodeReporter implements Disposable {
  #view: View;
  #rows = 0;
  #files = 0;
  #seconds = 0;

  constructor(output: Output, clock: Clock) {
    this.#view = openView(output, clock);
  }

  /** @returns What belongs on standard output: the end. */
  report(event: DecodeEvent): string[] {
    if (event.type === "finished") {
      const { files, seconds, output } = event;
      return [
        `Decoded ${formatNumberOf(files, "file")}, ${
          formatAudio(seconds)
        } of audio, into ${output}`,
      ];
    }
    if (event.type === "started") this.#rows = event.rows;
    else {
      this.#files++;
      this.#seconds += event.seconds;
    }
    const text = `${formatPercent(this.#files, this.#rows)}  ${formatCount(this.#files)} of ` +
      `${formatNumberOf(this.#rows, "row")} decoded  ${formatAudio(this.#seconds)}`;
    this.#view.show({ lines: () => [text], text });
    return [];
  }

  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
  }
}

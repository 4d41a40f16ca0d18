/**
 * Tells people how far the conversion of a codec is.
 *
 * @module
 */
import type { ConvertProgress } from "../../models/convert/convert.ts";
import type { Clock } from "../clock.ts";
import { convertingText } from "./converting_text.ts";
import type { Output } from "./output.ts";
import { openView, type View } from "./view.ts";

/** Draws one line: what is downloaded or written. */
export class ConvertReporter implements Disposable {
  readonly #codec: string;
  readonly #view: View;

  constructor(codec: string, output: Output, clock: Clock) {
    this.#codec = codec;
    this.#view = openView(output, clock);
  }

  report({ type: step, bytes, total }: ConvertProgress): void {
    const text = convertingText({ codec: this.#codec, step, bytes, total });
    this.#view.show({ lines: () => [text], text });
  }

  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
  }
}

/**
 * Tells people how far an upload is.
 *
 * @module
 */
import type { UploadEvent } from "../hub/upload/events.ts";
import { colour } from "./colour.ts";
import { formatBytes, formatNumberOf } from "./format.ts";
import type { ReporterOptions } from "./run_reporter.ts";
import type { Output } from "./output.ts";
import { uploadedLines, uploadingText } from "./uploading_text.ts";
import { openView, type View } from "./view.ts";
import { printable } from "./width.ts";

/** Draws one line, and prints what matters above it. */
export class UploadReporter implements Disposable {
  readonly #output: Output;
  readonly #verbose: boolean;
  readonly #view: View;

  constructor({ output, clock, verbose = false }: ReporterOptions) {
    this.#output = output;
    this.#verbose = verbose;
    this.#view = openView(output, clock);
  }

  /** @returns What belongs on standard output: the end. */
  report(event: UploadEvent): string[] {
    if (event.type === "finished") return uploadedLines(event);
    const text = uploadingText(event);
    if (text !== null) this.#view.show({ lines: () => [text], text });
    else if (event.type === "warning") this.#print(event.message, "yellow");
    else if (this.#verbose) this.#detail(event);
    return [];
  }

  /** Says that the upload is being stopped. */
  stopping(): void {
    this.#print("Stopping: what is there stays; Ctrl-C again stops at once", "yellow");
  }

  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
  }

  #detail(event: UploadEvent): void {
    if (event.type === "retry") this.#view.print(`Trying again: ${printable(event.reason)}`);
    if (event.type === "committed") {
      const files = formatNumberOf(event.files, "file");
      const size = formatBytes(event.bytes);
      this.#view.print(`Committed ${files}, ${size}: ${event.commit.slice(0, 8)}`);
    }
  }

  #print(text: string, style: "yellow"): void {
    this.#view.print(colour(this.#output, style, printable(text)));
  }
}

/**
 * A place where progress is shown and lines are printed beside it.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { LiveView } from "./live_view.ts";
import type { Output } from "./output.ts";
import { PlainView } from "./plain_view.ts";

/** One state of some work, drawn as the view needs it. */
export interface Picture {
  /** For a terminal: lines of at most so many columns, at most so many of them. */
  lines(columns: number, rows: number): readonly string[];
  /** For a log: one line. */
  readonly text: string;
}

/** Shows progress. Disposing of it leaves the terminal as it was found. */
export interface View extends Disposable {
  /** Replaces what is shown. */
  show(picture: Picture): void;
  /** Prints a line that stays. */
  print(line: string): void;
}

/** The view that fits an output: redrawn in place on a terminal, a line now and then elsewhere. */
export function openView(output: Output, clock: Clock): View {
  return output.isTerminal ? new LiveView(output, clock) : new PlainView(output, clock);
}

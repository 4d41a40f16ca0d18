/**
 * Listing that lets others have their turn.
 *
 * @module
 */
import type { SourceItem } from "./source.ts";

/** Rows after which others get their turn. */
const TURN = 2048;

/**
 * The same items. Between them signals and timers are heard, which files that are read at once
 * leave no time for.
 */
export async function* inTurns(
  items: AsyncIterable<SourceItem>,
): AsyncGenerator<SourceItem, void, void> {
  let rows = 0;
  for await (const item of items) {
    yield item;
    rows += item.kind === "excluded" ? item.count : 1;
    if (rows < TURN) continue;
    rows = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

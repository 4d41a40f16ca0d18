/** What a commit to the Hub of the tests asks for. */
import type { HubFile } from "./hub_server.ts";
import type { HubLfsStore } from "./hub_lfs_store.ts";

/** A commit as it was asked for. */
export interface AskedCommit {
  readonly title: string;
  readonly parent: string | null;
  /** New content by name; null where the file is removed. */
  readonly changes: ReadonlyMap<string, HubFile | null>;
}

/**
 * Reads the lines of a commit.
 *
 * @returns Null if it points to content that nobody stored.
 */
export function readCommit(body: Uint8Array, store: HubLfsStore): AskedCommit | null {
  const lines = new TextDecoder().decode(body).trim().split("\n").map((line) => JSON.parse(line));
  const header = lines.find(({ key }) => key === "header").value;
  const changes = new Map<string, HubFile | null>();
  for (const { key, value } of lines) {
    if (key === "deletedFile") changes.set(value.path, null);
    if (key === "file") {
      changes.set(value.path, { content: Uint8Array.fromBase64(value.content), large: false });
    }
    if (key === "lfsFile") {
      const content = store.get(value.oid);
      if (content === undefined || content.length !== value.size) return null;
      changes.set(value.path, { content, large: true });
    }
  }
  return { title: header.summary, parent: header.parentCommit ?? null, changes };
}

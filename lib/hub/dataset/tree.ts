/**
 * What a folder of a dataset's repository holds, wherever that is known from.
 *
 * @module
 */
import type { ContentFacts } from "../content.ts";

/** A file of a repository. */
export interface TreeFile {
  /** Its path in the repository. */
  readonly name: string;
  /** Null where the server does not state the content. */
  readonly content: ContentFacts | null;
}

/** What lies in a folder. */
export interface TreeEntries {
  /** Paths of the folders in it. */
  readonly folders: readonly string[];
  /** Ordered by Unicode code point, as Python sorts. */
  readonly files: readonly TreeFile[];
}

/** How far below a folder to look: at what lies in it, or at everything below. */
export type TreeDepth = "one" | "all";

/** The files of a dataset's repository at one commit. */
export interface DatasetTree {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /**
   * Lists a folder; one that does not exist is empty.
   *
   * @param folder A path in the repository; empty for all of it.
   * @throws {SpeechmillError} If the Hub refuses or cannot be reached, or there is too much.
   */
  list(folder: string, depth: TreeDepth): Promise<TreeEntries>;
  /**
   * The text of a small file; null if there is no such file.
   *
   * @throws {SpeechmillError} If it cannot be brought here.
   */
  read(name: string): Promise<string | null>;
}

/**
 * One attempt at one commit.
 *
 * @module
 */
import { commitIter, type CommitOperation, type CommitOutput } from "../../npm/huggingface_hub.ts";
import { z } from "../../npm/zod.ts";
import { PassingError } from "../back_off.ts";
import type { LocalFile } from "./local_file.ts";
import type { UploadSession } from "./session.ts";

/** What a commit does. */
export interface CommitChange {
  readonly title: string;
  readonly files: readonly LocalFile[];
  /** Names of files that are removed. */
  readonly deletions: readonly string[];
}

/** Sending content by Xet failed before there was a commit. */
export class XetError extends Error {
  override name = "XetError";
}

const BATCH = z.object({ transfer: z.string().optional() });

/**
 * Sends what the store does not have, and commits.
 *
 * @param parent The commit that it must follow: where another one came first, the Hub refuses.
 * @returns The new commit.
 * @throws {PassingError} If the commit may have been applied, and may not.
 * @throws {XetError} If the content can be sent in another way.
 */
export async function commitOnce(
  session: UploadSession,
  change: CommitChange,
  parent: string,
): Promise<string> {
  const operations = await operationsOf(change);
  const what = `commit to '${session.repository.id}'`;
  return await session.ask(what, async ({ fetch, ...library }) => {
    const watch = new XetWatch(fetch);
    const commit = commitIter({
      ...library,
      ...{ operations, title: change.title, parentCommit: parent, branch: "main" },
      fetch: watch.fetch,
      useXet: session.mayUseXet,
      ...(session.patience.signal === undefined ? {} : { abortSignal: session.patience.signal }),
    });
    let isCommitting = false;
    try {
      while (true) {
        const { done, value } = await commit.next();
        if (done) return oidOf(value);
        isCommitting ||= value.event === "phase" && value.phase === "committing";
      }
    } catch (error) {
      if (!watch.usesXet || isCommitting || session.patience.signal?.aborted) throw error;
      throw new XetError("Content could not be sent by Xet", { cause: error });
    }
  });
}

/** Where the Hub does not say what it made, a listing does. */
function oidOf(output: CommitOutput | undefined): string {
  const { oid } = output?.commit ?? {};
  if (oid) return oid;
  throw new PassingError("the Hub names no commit");
}

async function operationsOf({ files, deletions }: CommitChange): Promise<CommitOperation[]> {
  const operations: CommitOperation[] = [];
  for (const file of files) {
    const content = await file.content();
    operations.push({ operation: "addOrUpdate", path: file.name, content });
  }
  return [...operations, ...deletions.map((path) => ({ operation: "delete" as const, path }))];
}

/** The library does not say whether it sends content by Xet: the Hub told it to. */
class XetWatch {
  usesXet = false;
  readonly #fetch: typeof fetch;

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await this.#fetch(input, init);
    const address = input instanceof Request ? input.url : String(input);
    if (response.ok && address.endsWith(".git/info/lfs/objects/batch")) {
      const batch = BATCH.safeParse(await response.clone().json().catch(() => null));
      this.usesXet ||= batch.data?.transfer === "xet";
    }
    return response;
  };
}

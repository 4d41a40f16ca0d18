/**
 * The Hub's description of a repository at one revision.
 *
 * @module
 */
import { z } from "../npm/zod.ts";
import { type Patience, retry } from "./back_off.ts";
import type { HubClient } from "./client.ts";
import { type ContentFacts, hashKindOf } from "./content.ts";
import { checkFileNames } from "./file_name.ts";
import { parseAnswer } from "./parse_answer.ts";
import { apiPath } from "./repository_id.ts";
import { describeSubject, type Subject } from "./subject.ts";

/** All files at one commit. */
export interface Listing {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** By name, in the order of names; null where the server does not state the content. */
  readonly files: ReadonlyMap<string, ContentFacts | null>;
}

const SIZE = z.number().int().nonnegative();

const REPOSITORY = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(z.object({
    rfilename: z.string(),
    size: SIZE.nullish(),
    blobId: z.string().nullish(),
    lfs: z.object({ sha256: z.string(), size: SIZE }).nullish(),
  })),
});

type Sibling = z.infer<typeof REPOSITORY>["siblings"][number];

/**
 * Asks for the commit of a revision and the files at it.
 *
 * @throws {SpeechmillError} If the Hub refuses, cannot be reached, or names hostile files.
 */
export async function fetchListing(
  client: HubClient,
  subject: Subject,
  patience: Patience = client.patience,
): Promise<Listing> {
  const { repository, revision } = subject;
  const path = `${apiPath(repository)}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const text = await retry(`list the files of ${describeSubject(subject)}`, patience, async () => {
    await using answer = await client.send({ path, subject });
    return await answer.text();
  });
  const { sha, siblings } = parseAnswer(text, REPOSITORY, {
    endpoint: client.endpoint,
    subject,
  });
  checkFileNames(repository.id, siblings.map(({ rfilename }) => rfilename));
  const sorted = siblings
    .map((sibling) => [sibling.rfilename, contentOf(sibling)] as const)
    .sort(([a], [b]) => a < b ? -1 : 1);
  return { commit: sha, files: new Map(sorted) };
}

/** Hashes of another kind, as some mirrors state them, are as good as none. */
function contentOf({ lfs, blobId, size }: Sibling): ContentFacts | null {
  if (lfs) {
    return hashKindOf(lfs.sha256) === "SHA-256" ? { etag: lfs.sha256, size: lfs.size } : null;
  }
  if (!blobId || typeof size !== "number") return null;
  return hashKindOf(blobId) === "git SHA-1" ? { etag: blobId, size } : null;
}

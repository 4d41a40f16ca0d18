/**
 * Listing a folder of a repository on the Hub, page by page: repositories of datasets hold more
 * files than fit into one answer.
 *
 * @module
 */
import { SpeechmillError } from "../../errors.ts";
import { z } from "../../npm/zod.ts";
import { compareCodePoints } from "../../sources/order.ts";
import { retry } from "../back_off.ts";
import type { HubClient } from "../client.ts";
import { type ContentFacts, hashKindOf } from "../content.ts";
import { checkFileNames } from "../file_name.ts";
import { parseAnswer } from "../parse_answer.ts";
import { EntryNotFoundError } from "../refusal.ts";
import { apiPath } from "../repository_id.ts";
import { describeSubject, type Subject } from "../subject.ts";
import type { TreeDepth, TreeEntries } from "./tree.ts";

/** A folder to list. */
export interface FolderRequest {
  readonly subject: Subject;
  /** Empty for the whole repository. */
  readonly folder: string;
  readonly depth: TreeDepth;
  /** More entries than these are refused. @default 200,000 */
  readonly maxEntries?: number | undefined;
  /** What to do then, for messages. @default to take what the Hub converted to Parquet */
  readonly advice?: string | undefined;
  /** Whether there may be names that no file can be written under here. @default false */
  readonly allowAnyName?: boolean | undefined;
}

const MAX_ENTRIES = 200_000;
/** Pages that may have less than one entry, as a rule. */
const MAX_SHORT_PAGES = 100;
const SIZE = z.number().int().nonnegative();

const PAGE = z.array(z.object({
  type: z.string(),
  path: z.string(),
  size: SIZE.nullish(),
  oid: z.string().nullish(),
  lfs: z.object({ oid: z.string(), size: SIZE }).nullish(),
}));

type Entry = z.infer<typeof PAGE>[number];

interface Page {
  readonly entries: readonly Entry[];
  /** Where the next page begins; null after the last. */
  readonly cursor: string | null;
}

/**
 * Lists a folder at a commit; a folder that does not exist is empty.
 *
 * @throws {SpeechmillError} If the Hub refuses, cannot be reached, names hostile files, or there
 * are more entries than `maxEntries`.
 */
export async function fetchTree(client: HubClient, request: FolderRequest): Promise<TreeEntries> {
  const { subject, maxEntries = MAX_ENTRIES, allowAnyName = false } = request;
  const entries: Entry[] = [];
  let pages = 0;
  for (let cursor: string | null = ""; cursor !== null;) {
    const page = await fetchPage(client, request, cursor);
    entries.push(...page.entries);
    // Pages without entries would otherwise be read for ever.
    const isEndless = ++pages > Math.max(MAX_SHORT_PAGES, entries.length);
    if (isEndless || entries.length > maxEntries) throw tooMany(request, maxEntries);
    cursor = page.cursor;
  }
  if (!allowAnyName) checkFileNames(subject.repository.id, entries.map(({ path }) => path));
  entries.sort((a, b) => compareCodePoints(a.path, b.path));
  return {
    folders: entries.filter(({ type }) => type === "directory").map(({ path }) => path),
    files: entries
      .filter(({ type }) => type === "file")
      .map((entry) => ({ name: entry.path, content: contentOf(entry) })),
  };
}

async function fetchPage(client: HubClient, request: FolderRequest, cursor: string): Promise<Page> {
  const { subject, folder, depth } = request;
  const parts = [subject.revision, ...folder === "" ? [] : folder.split("/")];
  const place = `${apiPath(subject.repository)}/tree/${parts.map(encodeURIComponent).join("/")}`;
  const query = new URLSearchParams({ recursive: String(depth === "all"), expand: "false" });
  if (cursor !== "") query.set("cursor", cursor);
  const what = `list the files of ${describeSubject(subject)}`;
  try {
    return await retry(what, client.patience, async () => {
      await using answer = await client.send({ path: `${place}?${query}`, subject });
      const text = await answer.text();
      const entries = parseAnswer(text, PAGE, { endpoint: client.endpoint, subject });
      return { entries, cursor: nextCursor(answer.headers) };
    });
  } catch (error) {
    if (error instanceof EntryNotFoundError) return { entries: [], cursor: null };
    throw error;
  }
}

/**
 * Only the position is taken from the address of the next page: behind a mirror, its host is one
 * that the token must not go to.
 */
function nextCursor(headers: Headers): string | null {
  const link = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(headers.get("link") ?? "")?.[1];
  if (link === undefined) return null;
  return new URLSearchParams(link.slice(link.indexOf("?") + 1)).get("cursor");
}

/** Hashes of another kind, as some mirrors state them, are as good as none. */
function contentOf({ lfs, oid, size }: Entry): ContentFacts | null {
  if (lfs) return hashKindOf(lfs.oid) === "SHA-256" ? { etag: lfs.oid, size: lfs.size } : null;
  if (!oid || typeof size !== "number") return null;
  return hashKindOf(oid) === "git SHA-1" ? { etag: oid, size } : null;
}

function tooMany(request: FolderRequest, maxEntries: number): SpeechmillError {
  const { subject, folder } = request;
  const { advice = `take what the Hub converted to Parquet: ${convertedAddress(subject)}` } =
    request;
  const place = folder === "" ? "" : ` below '${folder}'`;
  return new SpeechmillError(
    `Cannot list the files of ${describeSubject(subject)}: there are more than ` +
      `${maxEntries.toLocaleString("en")}${place}; ${advice}`,
  );
}

function convertedAddress({ repository }: Subject): string {
  return `hf://datasets/${repository.id}@refs/convert/parquet`;
}

/**
 * What a repository holds, at one commit.
 *
 * @module
 */
import { SpeechmillError } from "../../errors.ts";
import { z } from "../../npm/zod.ts";
import { retry } from "../back_off.ts";
import type { HubClient } from "../client.ts";
import { type ContentFacts, hashKindOf } from "../content.ts";
import { fetchTree } from "../dataset/fetch_tree.ts";
import { apiPath, type RepositoryReference, webPath } from "../repository_id.ts";
import type { UploadSession } from "./session.ts";

/** A file, by what the Hub's listing states of its content. */
export interface RemoteFile {
  /** Bytes; null where the server does not state the content, and nothing here is known. */
  readonly size: number | null;
  /** SHA-256 of a large file's content; null for a small one. */
  readonly sha256: string | null;
  /** The name that git gives to a small file's content; null for a large one. */
  readonly gitSha1: string | null;
}

/** Files by their names. */
export interface RemoteTree {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  readonly files: ReadonlyMap<string, RemoteFile>;
}

const REVISION = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
const MANIFEST = z.object({ config_digest: z.string() });

/** Entries of a repository; the Hub advises against a tenth of that. */
const MAX_ENTRIES = 1_000_000;

/** Asks for the commit of `main`, and then for the files at that commit. */
export async function listRemote({ client, repository }: UploadSession): Promise<RemoteTree> {
  const commit = await headOf(client, repository);
  const { files } = await fetchTree(client, {
    ...{ subject: { repository, revision: commit }, folder: "", depth: "all" },
    ...{ maxEntries: MAX_ENTRIES, advice: "choose another repository", allowAnyName: true },
  });
  return { commit, files: new Map(files.map(({ name, content }) => [name, remoteFile(content)])) };
}

function remoteFile(content: ContentFacts | null): RemoteFile {
  if (content === null) return { size: null, sha256: null, gitSha1: null };
  const { etag, size } = content;
  return hashKindOf(etag) === "SHA-256"
    ? { size, sha256: etag, gitSha1: null }
    : { size, sha256: null, gitSha1: etag };
}

async function headOf(client: HubClient, repository: RepositoryReference): Promise<string> {
  const path = `${apiPath(repository)}/revision/main`;
  const json = await readJson({ client, repository }, path, "find the commit of");
  const answer = REVISION.safeParse(json);
  if (answer.success) return answer.data.sha;
  throw new SpeechmillError(
    `Cannot find the commit of '${repository.id}': the answer of ` +
      `'${client.endpoint}' is not that of a Hub; check HF_ENDPOINT`,
  );
}

/**
 * `config_digest` of the run whose manifest lies in the repository: empty if the manifest is none
 * of speechmill's, null if there is none at all.
 */
export async function remoteDigest(
  session: UploadSession,
  { commit, files }: RemoteTree,
): Promise<string | null> {
  if (!files.has("manifest.json")) return null;
  const path = `${webPath(session.repository)}/resolve/${commit}/manifest.json`;
  const manifest = MANIFEST.safeParse(await readJson(session, path, "read the manifest of"));
  return manifest.success ? manifest.data.config_digest : "";
}

/** Null where it is no JSON. */
async function readJson(
  { client, repository }: Pick<UploadSession, "client" | "repository">,
  path: string,
  verb: string,
): Promise<unknown> {
  const subject = { repository, revision: "main" };
  const text = await retry(`${verb} '${repository.id}'`, client.patience, async () => {
    await using answer = await client.send({ path, subject });
    return await answer.text();
  });
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * What a repository holds, at one commit.
 *
 * @module
 */
import { SpeechmillError } from "../../errors.ts";
import { listFiles } from "../../npm/huggingface_hub.ts";
import { z } from "../../npm/zod.ts";
import { PassingError, retry } from "../back_off.ts";
import { apiPath, webPath } from "../repository_id.ts";
import type { UploadSession } from "./session.ts";

/** A file, by what the Hub's listing states of its content. */
export interface RemoteFile {
  /** Bytes. */
  readonly size: number;
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

/** Asks for the commit of `main`, and then for the files at that commit. */
export async function listRemote(session: UploadSession): Promise<RemoteTree> {
  const commit = await headOf(session);
  const files = new Map<string, RemoteFile>();
  await session.ask(`list the files of '${session.repository.id}'`, async (library) => {
    files.clear();
    for await (const entry of listFiles({ ...library, revision: commit, recursive: true })) {
      if (entry.type !== "file") continue;
      const { path, size, oid = null, lfs } = entry;
      files.set(
        path,
        lfs
          ? { size: lfs.size, sha256: lfs.oid, gitSha1: null }
          : { size, sha256: null, gitSha1: oid },
      );
    }
  });
  return { commit, files };
}

async function headOf(session: UploadSession): Promise<string> {
  const path = `${apiPath(session.repository)}/revision/main`;
  const answer = REVISION.safeParse(await readJson(session, path, "find the commit of"));
  if (answer.success) return answer.data.sha;
  throw new SpeechmillError(
    `Cannot find the commit of '${session.repository.id}': the answer of ` +
      `'${session.client.endpoint}' is not that of a Hub; check HF_ENDPOINT`,
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
async function readJson(session: UploadSession, path: string, verb: string): Promise<unknown> {
  const { client, repository } = session;
  const subject = { repository, revision: "main" };
  const text = await retry(`${verb} '${repository.id}'`, client.patience, async () => {
    try {
      await using answer = await client.send({ path, subject });
      return await answer.text();
    } catch (error) {
      if (error instanceof PassingError) session.emit({ type: "retry", reason: error.message });
      throw error;
    }
  });
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Making sure of a repository: that it is there, and ours to write.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { checkRepoAccess, createRepo, whoAmI } from "../../npm/huggingface_hub.ts";
import { apiPath } from "../repository_id.ts";
import { STAND_IN_TOKEN } from "./hub_fetch.ts";
import { apiError } from "./library_watch.ts";
import { HubRefusalError } from "./refusal.ts";
import type { UploadSession } from "./session.ts";

/**
 * Makes the repository if there is none, and asks the Hub whether we may write to it. One that is
 * there keeps its visibility.
 *
 * @throws {UsageError} If the token may only read.
 * @throws {HubRefusalError} If the repository is not ours to write.
 */
export async function ensureRepository(session: UploadSession, isPublic: boolean): Promise<void> {
  session.emit({ type: "creating", repository: session.repository.id });
  await checkToken(session);
  await create(session, isPublic);
  await proveWriting(session);
}

async function checkToken(session: UploadSession): Promise<void> {
  const what = `upload to '${session.repository.id}'`;
  try {
    const { auth } = await session.ask(
      what,
      (library) => whoAmI({ ...library, accessToken: STAND_IN_TOKEN }),
    );
    if (auth.accessToken?.role !== "read") return;
  } catch (error) {
    // Mirrors need not know who we are; what follows proves whether we may write.
    if (error instanceof HubRefusalError && error.status === 404) return;
    throw error;
  }
  throw new UsageError(
    `Cannot ${what}: your token may only read: make one that may write at ` +
      `'${session.client.endpoint}/settings/tokens', and run 'hf auth login' or set HF_TOKEN`,
  );
}

async function create(session: UploadSession, isPublic: boolean): Promise<void> {
  try {
    await session.ask(
      `make the repository '${session.repository.id}'`,
      (library) =>
        createRepo({
          ...library,
          accessToken: STAND_IN_TOKEN,
          visibility: isPublic ? "public" : "private",
        }),
    );
  } catch (error) {
    if (!(error instanceof HubRefusalError)) throw error;
    if (error.status === 409) return;
    // A token may be good for one repository and not for making others.
    if ([401, 402, 403].includes(error.status) && await exists(session)) return;
    throw error;
  }
}

async function exists(session: UploadSession): Promise<boolean> {
  try {
    await session.ask(`find '${session.repository.id}'`, checkRepoAccess);
    return true;
  } catch (error) {
    if (error instanceof HubRefusalError) return false;
    throw error;
  }
}

/** The Hub answers what precedes a commit only to those who may commit. */
async function proveWriting(session: UploadSession): Promise<void> {
  await session.ask(`upload to '${session.repository.id}'`, async ({ hubUrl, fetch }) => {
    const address = new URL(`${hubUrl}/${apiPath(session.repository)}/preupload/main`);
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ files: [{ path: "README.md", size: 0, sample: "" }] }),
    });
    if (!answer.ok) throw await apiError(address, answer);
  });
}

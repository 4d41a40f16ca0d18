/**
 * Which commit a branch or tag is at.
 *
 * @module
 */
import { z } from "../../npm/zod.ts";
import { retry } from "../back_off.ts";
import type { HubClient } from "../client.ts";
import { parseAnswer } from "../parse_answer.ts";
import { apiPath } from "../repository_id.ts";
import { describeSubject, type Subject } from "../subject.ts";

const REVISION = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

/**
 * Asks for the commit of a revision.
 *
 * @throws {RevisionNotFoundError} If the repository has no such revision.
 * @throws {SpeechmillError} If the Hub refuses or cannot be reached.
 */
export async function fetchCommit(client: HubClient, subject: Subject): Promise<string> {
  // Without a field that is asked for, a description lists all files of the repository.
  const query = "?expand[]=sha";
  const revision = encodeURIComponent(subject.revision);
  const path = `${apiPath(subject.repository)}/revision/${revision}${query}`;
  const text = await retry(`find ${describeSubject(subject)}`, client.patience, async () => {
    await using answer = await client.send({ path, subject });
    return await answer.text();
  });
  return parseAnswer(text, REVISION, { endpoint: client.endpoint, subject }).sha;
}

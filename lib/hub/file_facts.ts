/**
 * What the headers of a file say of its content, for mirrors whose listing does not.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import { retry } from "./back_off.ts";
import type { HubClient } from "./client.ts";
import type { ContentFacts } from "./content.ts";
import { describeSubject, type Subject } from "./subject.ts";

/**
 * Asks for a file's headers. `X-Linked-Etag` and `X-Linked-Size` describe a file that lies on
 * another server, `ETag` and `Content-Length` one that the Hub sends itself.
 *
 * @param path The file's path below the endpoint.
 * @throws {SpeechmillError} If the Hub refuses, cannot be reached, or says neither.
 */
export async function fetchFileFacts(
  client: HubClient,
  path: string,
  subject: Subject,
): Promise<ContentFacts> {
  const what = `get the size of ${describeSubject(subject)}`;
  const { headers, status } = await retry(what, client.patience, async () => {
    await using answer = await client.send({ path, subject, method: "HEAD", stayAtHub: true });
    return answer;
  });
  const own = (name: string) => status === 200 ? headers.get(name) : null;
  const tag = headers.get("x-linked-etag") ?? own("etag") ?? "";
  const etag = tag.replace(/^(?:W\/)?"(.*)"$/, "$1");
  const size = headers.get("x-linked-size") ?? own("content-length") ?? "";
  // The tag becomes the name of a file.
  if (/^\w[\w.-]{0,127}$/.test(etag) && /^\d+$/.test(size)) return { etag, size: Number(size) };
  throw new SpeechmillError(
    `Cannot ${what}: '${client.endpoint}' states no usable ETag and size; use another HF_ENDPOINT`,
  );
}

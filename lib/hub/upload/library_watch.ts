/**
 * An eye on one commit of the library.
 *
 * @module
 */
import { HubApiError } from "../../npm/huggingface_hub.ts";
import { z } from "../../npm/zod.ts";

const BATCH = z.object({ transfer: z.string().optional() });
const ANSWER = z.object({ error: z.string() });

/**
 * Passes requests on, and notes what goes wrong.
 *
 * The library loses an error that comes while its caller has not yet taken a report of progress,
 * and then waits for ever: what ends a commit is learnt here.
 */
export class LibraryWatch {
  /** Whether the Hub told the library to send content by Xet. */
  usesXet = false;
  readonly #fetch: typeof fetch;
  readonly #failed = Promise.withResolvers<never>();

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
    // Whether anybody waits for it is not known here.
    this.#failed.promise.catch(() => {});
  }

  /** Rejects with the first thing that goes wrong. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Something went wrong that the library may not tell. */
  readonly fail = (error: unknown): void => this.#failed.reject(error);

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    try {
      const response = await this.#fetch(input, init);
      if (!response.ok && !isOptional(url)) throw await apiError(url, response);
      if (url.pathname.endsWith(".git/info/lfs/objects/batch")) await this.#look(response.clone());
      return response;
    } catch (error) {
      this.fail(error);
      // The commit is over. A rejection that the library leaves unhandled would end the process.
      return await new Promise<never>(() => {});
    }
  };

  async #look(response: Response): Promise<void> {
    const batch = BATCH.safeParse(await response.json().catch(() => null));
    this.usesXet ||= batch.data?.transfer === "xet";
  }
}

/** Xet asks whether a piece is known already; the answer may be no. */
function isOptional({ pathname }: URL): boolean {
  return pathname.includes("/v1/chunks/");
}

/** The library's own error, with what the server says. */
export async function apiError(url: URL, response: Response): Promise<HubApiError> {
  const said = ANSWER.safeParse(await response.json().catch(() => null));
  const message = said.data?.error ?? "no reason given";
  return new HubApiError(`${url.origin}${url.pathname}`, response.status, undefined, message);
}

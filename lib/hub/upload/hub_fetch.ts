/**
 * A `fetch` for `@huggingface/hub`, which itself neither tries again nor waits for an end of
 * silence, and would hand the token to whatever address it is told.
 *
 * @module
 */
import { SpeechmillError } from "../../errors.ts";
import { VERSION } from "../../version.ts";
import { IdleTimer } from "../answer.ts";
import { PassingError, type Patience, retry } from "../back_off.ts";
import {
  connectionError,
  IDLE_MILLISECONDS,
  MAX_REDIRECTS,
  PASSING_STATUSES,
  REDIRECTS,
  redirectTarget,
} from "../connection.ts";
import { retryAfter } from "../retry_after.ts";
import { StoreRefusalError } from "./failures.ts";
import { readBody } from "./read_body.ts";
import { ObservedBody } from "./observed_body.ts";

/** Given to the library instead of the token, which it never learns. */
export const STAND_IN_TOKEN = "hf_";

/** A commit may take the Hub minutes, during which it sends nothing. */
const COMMIT_PATIENCE = 5;

/** What the requests of an upload need. */
export interface HubFetchOptions extends Patience {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string;
  /** For messages. */
  readonly repository: string;
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** Silence, in milliseconds, after which a connection counts as broken. @default 60,000 */
  readonly idleMilliseconds?: number | undefined;
  /** Called with the reason each time an attempt failed in a way that may pass. */
  readonly onFailure?: (reason: string) => void;
  /** Called as the body of a request is taken; `bytes` begins anew with each attempt. */
  readonly onTaken?: (body: Blob, bytes: number) => void;
}

/** Requests of one upload. */
export class HubFetch {
  readonly #options: HubFetchOptions;
  readonly #origin: string;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: HubFetchOptions) {
    this.#options = options;
    this.#origin = new URL(options.endpoint).origin;
  }

  /**
   * As the global one, with these differences: the answer is read to its end before it is
   * returned; what passes is tried again, save a commit, which must not be made twice.
   *
   * @throws {PassingError} If a commit has failed and may have been applied.
   * @throws {HubUnreachableError} If there were attempts enough.
   * @throws {StoreRefusalError} If a signed link does not take what it was made for.
   */
  readonly fetch: typeof globalThis.fetch = (input, init = {}) => {
    const answer = this.#send(new URL(input instanceof Request ? input.url : input), init);
    const settled = answer.catch(() => {}).finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
    return answer;
  };

  /** Resolves when no request is under way: where one fails the library leaves the others alone. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const signals = [this.#options.signal, init.signal].filter((signal) => signal != null);
    const signal = AbortSignal.any(signals);
    const attempt = () => this.#attempt(url, init, signal);
    if (isCommit(url)) return await attempt();
    const what = `upload to '${this.#options.repository}'`;
    return await retry(what, { ...this.#options, signal }, attempt);
  }

  async #attempt(url: URL, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const { idleMilliseconds = IDLE_MILLISECONDS, token, onFailure } = this.#options;
    using timer = new IdleTimer(idleMilliseconds * (isCommit(url) ? COMMIT_PATIENCE : 1));
    try {
      signal.throwIfAborted();
      const answer = await this.#follow(url, init, AbortSignal.any([signal, timer.signal]), timer);
      const body = await readBody(answer.response, timer);
      this.#check(answer.response, answer.url, init);
      const { status, statusText, headers } = answer.response;
      return new Response(body, { status, statusText, headers });
    } catch (error) {
      if (error instanceof StoreRefusalError || error instanceof SpeechmillError) throw error;
      const failure = connectionError(error, { token, signal });
      if (failure instanceof PassingError) onFailure?.(failure.message);
      throw failure;
    }
  }

  async #follow(
    first: URL,
    init: RequestInit,
    signal: AbortSignal,
    timer: IdleTimer,
  ): Promise<{ readonly response: Response; readonly url: URL }> {
    const { fetch = globalThis.fetch } = this.#options;
    let url = first;
    for (let redirects = 0;; redirects++) {
      const response = await fetch(url, {
        method: init.method ?? "GET",
        headers: this.#headers(url, init.headers),
        body: this.#observed(init.body, timer),
        redirect: "manual",
        signal,
      });
      const location = response.headers.get("location");
      if (!isFollowed(response.status, init) || location === null) return { response, url };
      const next = redirectTarget(location, url);
      if (redirects === MAX_REDIRECTS || next === null) return { response, url };
      await response.body?.cancel();
      url = next;
    }
  }

  /** The token goes to the Hub alone. Other credentials, such as Xet's, are not ours to change. */
  #headers(url: URL, given: HeadersInit | undefined): Headers {
    const headers = new Headers(given);
    headers.set("user-agent", `speechmill/${VERSION}`);
    const isOurs = [null, `Bearer ${STAND_IN_TOKEN}`].includes(headers.get("authorization"));
    if (!isOurs) return headers;
    if (url.origin === this.#origin) {
      headers.set("authorization", `Bearer ${this.#options.token}`);
    } else headers.delete("authorization");
    return headers;
  }

  #observed(body: BodyInit | null | undefined, timer: IdleTimer): Blob | null {
    if (body == null) return null;
    if (!(body instanceof Blob || typeof body === "string" || ArrayBuffer.isView(body))) {
      throw new TypeError("Cannot send this kind of body more than once");
    }
    const blob = body instanceof Blob ? body : new Blob([body]);
    return new ObservedBody(blob, (bytes) => {
      timer.restart();
      this.#options.onTaken?.(blob, bytes);
    });
  }

  #check({ status, ok, headers }: Response, url: URL, init: RequestInit): void {
    if (ok) return;
    const message = `the server '${url.host}' answers ${status}`;
    if (PASSING_STATUSES.includes(status)) {
      throw new PassingError(message, retryAfter(headers, Date.now()));
    }
    const isSignedLink = url.origin !== this.#origin &&
      !new Headers(init.headers).has("authorization");
    if (isSignedLink) throw new StoreRefusalError(message);
  }
}

/** Whether a request makes a commit, which is not the same if it is made twice. */
function isCommit({ pathname }: URL): boolean {
  return /\/api\/\w+\/[^/]+\/[^/]+\/commit\//.test(pathname);
}

/** 301 and 302 would turn a `POST` into a `GET`; the Hub sends 307 where a repository was renamed. */
function isFollowed(status: number, { method = "GET" }: RequestInit): boolean {
  return method === "GET" ? REDIRECTS.includes(status) : status === 307 || status === 308;
}

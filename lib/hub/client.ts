/**
 * Requests to the Hub: the token goes to the Hub alone, redirects are followed here, and failures
 * are told apart into those that pass and those that do not.
 *
 * @module
 */
import { VERSION } from "../version.ts";
import { SpeechmillError } from "../errors.ts";
import { Answer, IdleTimer } from "./answer.ts";
import { PassingError, type Patience } from "./back_off.ts";
import {
  connectionError,
  IDLE_MILLISECONDS,
  MAX_REDIRECTS,
  PASSING_STATUSES,
  REDIRECTS,
  redirectTarget,
} from "./connection.ts";
import { type KeptLink, KeptLinks } from "./kept_links.ts";
import { refusalError } from "./refusal.ts";
import { retryAfter } from "./retry_after.ts";
import type { Subject } from "./subject.ts";

/** What a client is made of. */
export interface ClientOptions extends Patience {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | null;
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** Silence, in milliseconds, after which a connection counts as broken. @default 60,000 */
  readonly idleMilliseconds?: number | undefined;
  /** Addresses that the Hub redirected to. @default none yet */
  readonly links?: KeptLinks;
}

/** One request. */
export interface HubRequest {
  /** Below the endpoint, encoded: `api/models/org/name/revision/main`. */
  readonly path: string;
  readonly subject: Subject;
  /** @default "GET" */
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** Other answers than 200 and 206 that the caller knows what to do with. */
  readonly accept?: readonly number[];
  /** Return a redirect to another server instead of following it. @default false */
  readonly stayAtHub?: boolean;
  /** Go where the Hub sent the last such request for this path, without asking it. @default false */
  readonly reuseLink?: boolean;
}

/** Where redirects led. */
interface Followed {
  readonly response: Response;
  readonly url: URL;
  /** Where the Hub's last redirect led, and its headers; null if there was none. */
  readonly link: KeptLink | null;
}

/** Speaks with one endpoint. */
export class HubClient {
  readonly endpoint: string;
  /** For whoever tries requests again. */
  readonly patience: Patience;
  readonly #options: ClientOptions;
  readonly #origin: string;
  readonly #token: string | null;
  readonly #fetch: typeof fetch;
  readonly #idleMilliseconds: number;
  readonly #links: KeptLinks;

  constructor(options: ClientOptions) {
    this.endpoint = options.endpoint;
    this.patience = options;
    this.#options = options;
    this.#origin = new URL(options.endpoint).origin;
    this.#token = options.token;
    this.#fetch = options.fetch ?? fetch;
    this.#idleMilliseconds = options.idleMilliseconds ?? IDLE_MILLISECONDS;
    this.#links = options.links ?? new KeptLinks();
  }

  /** A client with other patience; a signal ends requests and pauses beside the one it has. */
  withPatience({ signal, attempts }: Pick<Patience, "signal" | "attempts">): HubClient {
    const signals = [this.#options.signal, signal].filter((each) => each !== undefined);
    return new HubClient({
      ...this.#options,
      links: this.#links,
      ...attempts !== undefined && { attempts },
      ...signals.length > 0 && { signal: AbortSignal.any(signals) },
    });
  }

  /**
   * One attempt. The answer must be disposed of.
   *
   * @throws {PassingError} If another attempt may have more luck.
   * @throws {SpeechmillError} If the Hub refuses.
   */
  async send(request: HubRequest): Promise<Answer> {
    const kept = request.reuseLink ? this.#links.get(request.path) : null;
    try {
      return await this.#sendTo(request, kept);
    } catch (error) {
      if (!(error instanceof RefusedLinkError)) throw error;
      this.#links.refused(request.path);
      return await this.#sendTo(request, null);
    }
  }

  /** What a file is read from next is what the Hub says then. */
  forgetLink(path: string): void {
    this.#links.drop(path);
  }

  async #sendTo(request: HubRequest, kept: KeptLink | null): Promise<Answer> {
    const timer = new IdleTimer(this.#idleMilliseconds);
    const isOfKeptLink = kept !== null;
    try {
      const { response, url, link } = await this.#follow(request, kept, timer);
      const passing = (error: unknown) => this.#passing(error);
      const redirect = link?.redirect ?? null;
      const answer = new Answer(response, { timer, passing, redirect, isOfKeptLink });
      if (isOfKeptLink && isRefused(response.status, request)) {
        await answer[Symbol.asyncDispose]();
        throw new RefusedLinkError();
      }
      await this.#check(answer, url, request);
      if (isOfKeptLink) this.#links.prove(request.path);
      else if (request.reuseLink && this.#isElsewhere(link)) this.#links.keep(request.path, link);
      return answer;
    } catch (error) {
      timer[Symbol.dispose]();
      if (isOfKeptLink && !(error instanceof RefusedLinkError)) this.#links.drop(request.path);
      throw error;
    }
  }

  /** Links to the Hub itself are of use with the token alone. */
  #isElsewhere(link: KeptLink | null): link is KeptLink {
    return link !== null && link.url.origin !== this.#origin;
  }

  async #follow(
    request: HubRequest,
    kept: KeptLink | null,
    timer: IdleTimer,
  ): Promise<Followed> {
    let url = kept?.url ?? new URL(`${this.endpoint}/${request.path}`);
    let link = kept;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#fetchOnce(url, request, timer.signal);
      const location = response.headers.get("location");
      if (!REDIRECTS.includes(response.status) || location === null) {
        return { response, url, link };
      }
      const next = redirectTarget(location, url);
      if (request.stayAtHub && next?.origin !== this.#origin) {
        return { response, url, link };
      }
      await response.body?.cancel();
      if (next === null) break;
      if (url.origin === this.#origin) link = { url: next, redirect: response.headers };
      url = next;
    }
    throw new SpeechmillError(
      `Cannot get '${request.path}' from '${this.endpoint}': its redirects lead nowhere`,
    );
  }

  async #fetchOnce(url: URL, request: HubRequest, idle: AbortSignal): Promise<Response> {
    const { signal } = this.patience;
    const headers = new Headers(request.headers);
    headers.set("user-agent", `speechmill/${VERSION}`);
    // Compressed, neither ranges nor sizes would be those of the file.
    headers.set("accept-encoding", "identity");
    if (this.#token !== null && url.origin === this.#origin) {
      headers.set("authorization", `Bearer ${this.#token}`);
    }
    try {
      return await this.#fetch(url, {
        method: request.method ?? "GET",
        headers,
        redirect: "manual",
        signal: signal === undefined ? idle : AbortSignal.any([signal, idle]),
      });
    } catch (error) {
      throw this.#passing(error);
    }
  }

  async #check(answer: Answer, url: URL, request: HubRequest): Promise<void> {
    const { status, headers } = answer;
    const good = [200, 206, ...request.accept ?? [], ...request.stayAtHub ? REDIRECTS : []];
    if (good.includes(status)) return;
    await answer[Symbol.asyncDispose]();
    // Links to file servers are signed for a while; the next attempt gets a new one.
    if (PASSING_STATUSES.includes(status) || url.origin !== this.#origin) {
      throw new PassingError(
        `the server '${url.host}' answers ${status}`,
        retryAfter(headers, Date.now()),
      );
    }
    throw refusalError({
      status,
      headers,
      endpoint: this.endpoint,
      withToken: this.#token !== null,
      subject: request.subject,
    });
  }

  #passing(error: unknown): unknown {
    return connectionError(error, { token: this.#token, signal: this.patience.signal });
  }
}

/** A kept link is not taken any more: the Hub has a new one. */
class RefusedLinkError extends Error {}

/** Whether a file server refuses a link, as it does once its time is up. */
function isRefused(status: number, { accept = [] }: HubRequest): boolean {
  return status >= 400 && !PASSING_STATUSES.includes(status) && !accept.includes(status);
}

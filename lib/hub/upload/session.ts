/**
 * One upload's connection to one repository.
 *
 * @module
 */
import { processEnvironment } from "../../environment.ts";
import { UsageError } from "../../errors.ts";
import { type Clock, realClock } from "../../clock.ts";
import type { Patience, Wait } from "../back_off.ts";
import { HubClient } from "../client.ts";
import { hubEndpoint, isOffline } from "../locations.ts";
import { isRepositoryId, type RepositoryReference, webPath } from "../repository_id.ts";
import { findToken } from "../token.ts";
import { CommitBudget } from "./commit_budget.ts";
import type { OnUploadEvent } from "./events.ts";
import { HubFetch } from "./hub_fetch.ts";
import type { UploadOptions } from "./options.ts";
import { uploadError } from "./refusal.ts";
import { SentBytes } from "./sent_bytes.ts";

/** What every call of the library is given. It never learns the token. */
export interface LibraryParameters {
  readonly repo: { readonly type: "dataset"; readonly name: string };
  readonly hubUrl: string;
  readonly fetch: typeof fetch;
}

/** The repository that is written to, and how requests about it are made. */
export class UploadSession {
  readonly repository: RepositoryReference;
  /** Reads what needs no library. */
  readonly client: HubClient;
  /** For whoever tries again what the library does, whose requests tell of failures themselves. */
  readonly patience: Patience;
  readonly clock: Clock;
  readonly emit: OnUploadEvent;
  readonly budget: CommitBudget;
  /** What was sent so far. */
  readonly sent = new SentBytes();
  /** Whether the library may send content by Xet; one failure turns it off. */
  mayUseXet = true;
  readonly #hub: HubFetch;
  readonly #token: string;

  private constructor(
    { id, token, endpoint, emit, ...options }: UploadOptions & SessionParts,
  ) {
    this.repository = { type: "dataset", id };
    this.clock = options.clock ?? realClock;
    this.budget = new CommitBudget(() => this.clock.now());
    this.emit = emit;
    this.#token = token;
    const { fetch, signal, wait, idleMilliseconds } = options;
    const onWait = (pause: Wait) => emit({ type: "waiting", ...pause });
    const connection = { endpoint, token, fetch, signal, wait, onWait, idleMilliseconds };
    this.patience = { signal, wait, onWait };
    this.client = new HubClient({
      ...connection,
      onWait: (pause) => {
        emit({ type: "retry", reason: pause.reason });
        onWait(pause);
      },
    });
    this.#hub = new HubFetch({
      ...connection,
      repository: id,
      onFailure: (reason) => emit({ type: "retry", reason }),
      onTaken: (body, bytes) => this.sent.taken(body, bytes),
    });
  }

  /**
   * Finds the token and the Hub; asks nothing of it yet.
   *
   * @throws {UsageError} If there is no token, the name is none, or the network is forbidden.
   */
  static async open(
    id: string,
    emit: OnUploadEvent,
    options: UploadOptions,
  ): Promise<UploadSession> {
    const { environment = processEnvironment } = options;
    const begin = `Cannot upload to '${id}': `;
    if (!isRepositoryId(id)) throw new UsageError(`${begin}its name is no 'org/name'`);
    if (isOffline(environment)) throw new UsageError(`${begin}HF_HUB_OFFLINE forbids the network`);
    const token = await findToken(environment);
    if (token === null) {
      throw new UsageError(
        `${begin}there is no token: run 'hf auth login', or set HF_TOKEN to one that may write`,
      );
    }
    return new UploadSession({ ...options, id, token, endpoint: hubEndpoint(environment), emit });
  }

  /** Where people see the repository. */
  get url(): string {
    return `${this.client.endpoint}/${webPath(this.repository)}`;
  }

  get library(): LibraryParameters {
    return {
      repo: { type: "dataset", name: this.repository.id },
      hubUrl: this.client.endpoint,
      fetch: this.#hub.fetch,
    };
  }

  /**
   * Calls the library. No request is left when this ends, and no error of the library leaves.
   *
   * @param what For messages: `Cannot <what>: ...`.
   */
  async ask<T>(what: string, call: (library: LibraryParameters) => Promise<T>): Promise<T> {
    try {
      return await call(this.library);
    } catch (error) {
      throw uploadError(error, { what, session: this, token: this.#token });
    } finally {
      await this.#hub.settled();
    }
  }

  /** Passes time. */
  async wait(milliseconds: number): Promise<void> {
    const { wait, signal = new AbortController().signal } = this.patience;
    await (wait === undefined ? this.clock.sleep(milliseconds, signal) : wait(milliseconds));
    signal.throwIfAborted();
  }
}

interface SessionParts {
  readonly id: string;
  readonly token: string;
  readonly endpoint: string;
  readonly emit: OnUploadEvent;
}

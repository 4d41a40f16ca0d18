/**
 * Uploading shards while the run that seals them goes on.
 *
 * @module
 */
import { type Clock, realClock } from "../../clock.ts";
import { messageOf, SpeechmillError, StoppedError } from "../../errors.ts";
import { shardFiles } from "../../publish/run_files.ts";
import { commitAll, filesToSend } from "./commit_all.ts";
import { compareFiles, refuseOthers } from "./compare.ts";
import { ensureRepository } from "./ensure_repository.ts";
import { eventStream } from "./event_stream.ts";
import type { OnUploadEvent, UploadEvent } from "./events.ts";
import { LocalFile } from "./local_file.ts";
import type { UploadOptions } from "./options.ts";
import { commitLimits, planCommits } from "./plan_commits.ts";
import { listRemote, remoteDigest } from "./remote_tree.ts";
import { readRunContent } from "./run_content.ts";
import { UploadSession } from "./session.ts";
import { uploadContent } from "./upload_content.ts";

/** How often it is looked whether something is to be uploaded. */
const LOOK_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 5 * 60_000;

/** What uploading beside a run needs. */
export interface BackgroundOptions extends UploadOptions {
  /** `config_digest` of the run. */
  readonly digest: string;
  /** Called with what happens until {@linkcode BackgroundUpload.finish} is. */
  readonly onEvent?: OnUploadEvent;
  /** Milliseconds from one commit to the next. @default {300000} */
  readonly pauseMilliseconds?: number;
}

/** An upload beside a run. Disposing of it before it is finished leaves what was committed. */
export interface BackgroundUpload extends AsyncDisposable {
  /** A data file is whole, under its name relative to the run directory. Never throws. */
  sealed(path: string): void;
  /**
   * Uploads what is left, once the run has written its manifest, and verifies all of it.
   *
   * @throws {SpeechmillError} If that fails; it is said how to go on.
   */
  finish(): AsyncGenerator<UploadEvent>;
}

/**
 * Begins to upload a run that goes on. Nothing that fails here stops it: it is told as a warning,
 * and tried again later.
 *
 * The repository must have been found good by `checkUploadTarget`.
 */
export function backgroundUpload(
  directory: string,
  repository: string,
  options: BackgroundOptions,
): BackgroundUpload {
  return new RunUpload(directory, repository, options);
}

class RunUpload implements BackgroundUpload {
  readonly #directory: string;
  readonly #repository: string;
  readonly #options: BackgroundOptions;
  readonly #clock: Clock;
  readonly #timer: Disposable;
  readonly #stop = new AbortController();
  readonly #pending = new Set<string>();
  #emit: OnUploadEvent;
  #session: UploadSession | null = null;
  #working: Promise<void> | null = null;
  #lastAt: number;

  constructor(directory: string, repository: string, options: BackgroundOptions) {
    this.#directory = directory;
    this.#repository = repository;
    this.#options = options;
    this.#emit = options.onEvent ?? (() => {});
    this.#clock = options.clock ?? realClock;
    this.#lastAt = this.#clock.now();
    this.#timer = this.#clock.every(LOOK_MILLISECONDS, () => this.#look());
  }

  sealed(path: string): void {
    this.#pending.add(path);
    this.#look();
  }

  async *finish(): AsyncGenerator<UploadEvent> {
    this.#timer[Symbol.dispose]();
    try {
      yield* eventStream(async (emit) => {
        this.#emit = emit;
        // A commit that is under way is worth its end.
        await this.#working;
        this.#pending.clear();
        const session = await this.#open();
        await ensureRepository(session, this.#options.isPublic ?? false);
        const content = await readRunContent(this.#directory);
        await uploadContent(session, content, this.#options.replace ?? false);
      });
    } catch (error) {
      throw this.#unfinished(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    this.#pending.clear();
    this.#stop.abort("the run has ended");
    await this.#working;
  }

  #look(): void {
    const { pauseMilliseconds = PAUSE_MILLISECONDS } = this.#options;
    if (this.#working !== null || this.#pending.size === 0 || this.#stop.signal.aborted) return;
    if (this.#clock.now() - this.#lastAt < pauseMilliseconds) return;
    this.#working = this.#uploadPending().catch((error) => this.#warn(error)).finally(() => {
      this.#working = null;
      this.#lastAt = this.#clock.now();
    });
  }

  async #uploadPending(): Promise<void> {
    const shards = [...this.#pending];
    const files = shards
      .flatMap((path) => [...shardFiles(this.#directory, path)])
      .map((name) => new LocalFile(this.#directory, name));
    const session = await this.#open();
    const tree = await listRemote(session);
    const comparison = await compareFiles(files, tree);
    const { changed, missing } = comparison;
    const { digest, replace = false } = this.#options;
    const theirs = await remoteDigest(session, tree);
    const ownership = { repository: this.#repository, digest, remoteDigest: theirs };
    // Files of the repository that this call knows nothing of may have been sealed before.
    if (!replace) refuseOthers(ownership, { changed, stale: [] });
    const data = await filesToSend([...missing, ...changed]);
    const outdated = theirs !== null && theirs !== digest ? "manifest.json" : null;
    const contents = { data, descriptions: [], deletions: [], outdated };
    await commitAll(session, planCommits(contents, commitLimits(data.length)), {
      parent: tree.commit,
    });
    for (const path of shards) this.#pending.delete(path);
  }

  async #open(): Promise<UploadSession> {
    const { signal } = this.#options;
    const stop = this.#stop.signal;
    return this.#session ??= await UploadSession.open(
      this.#repository,
      (event) => this.#emit(event),
      { ...this.#options, signal: signal === undefined ? stop : AbortSignal.any([signal, stop]) },
    );
  }

  #warn(error: unknown): void {
    if (this.#isStopped()) return;
    const message = `${messageOf(error)}: the run goes on, and the upload is tried again later`;
    this.#emit({ type: "warning", message });
  }

  #unfinished(error: unknown): SpeechmillError {
    const goOn = `run 'speechmill upload ${this.#directory} ${this.#repository}' to go on`;
    if (this.#isStopped()) {
      return new StoppedError(`Cannot finish the upload: it was asked to stop; ${goOn}`);
    }
    const message = `${messageOf(error)}\nThe run itself is whole: ${goOn}`;
    return new SpeechmillError(message, { cause: error });
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted || this.#options.signal?.aborted === true;
  }
}

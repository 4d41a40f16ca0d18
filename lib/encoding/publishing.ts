/**
 * Where the data of a run goes beside the run directory: `save_local` and `hf_upload`.
 *
 * @module
 */
import type { RunConfig } from "../config/run_config.ts";
import { messageOf } from "../errors.ts";
import type { UploadEvent } from "../hub/upload/events.ts";
import { checkCopyTarget, copyDataset } from "../publish/local_copy.ts";
import type { RunEvent } from "../run/events.ts";
import type { BackgroundUpload, UploadOptions } from "../upload_run.ts";
import type { EncodeEvent } from "./events.ts";

/** What publishing needs. */
export interface PublishingOptions {
  readonly config: Pick<RunConfig, "output" | "saveLocal" | "hfUpload" | "hfPublic">;
  /** `config_digest` of the run. */
  readonly digest: string;
  /** How the Hub is reached. */
  readonly hub: UploadOptions;
}

/** Publishes a run while it goes on and when it is finished. */
export class Publishing implements AsyncDisposable {
  readonly #options: PublishingOptions;
  readonly #upload: BackgroundUpload | null;
  readonly #happened: UploadEvent[];

  private constructor(
    options: PublishingOptions,
    upload: BackgroundUpload | null,
    happened: UploadEvent[],
  ) {
    this.#options = options;
    this.#upload = upload;
    this.#happened = happened;
  }

  /**
   * Makes sure, before anything is encoded, that the data can go where it is wanted.
   *
   * @throws {UsageError} If a target is none, or there is no token.
   * @throws {RunConflictError} If a target holds something else.
   * @throws {SpeechmillError} If it is not ours to write, or cannot be reached.
   */
  static async open(options: PublishingOptions): Promise<Publishing> {
    const { config, digest, hub } = options;
    const { output: directory, saveLocal, hfUpload, hfPublic: isPublic } = config;
    if (saveLocal !== null) checkCopyTarget(saveLocal, { directory, digest });
    const happened: UploadEvent[] = [];
    if (hfUpload === null) return new Publishing(options, null, happened);
    // The Hub's library takes longer to load than a small run's plan.
    const { backgroundUpload, checkUploadTarget } = await import("../upload_run.ts");
    await checkUploadTarget(hfUpload, { ...hub, digest, directory, isPublic });
    const upload = backgroundUpload(directory, hfUpload, {
      ...{ ...hub, digest, isPublic },
      onEvent: (event) => happened.push(event),
    });
    return new Publishing(options, upload, happened);
  }

  /** Takes note of a file that is whole; what uploading told since. */
  *observe(event: RunEvent): Generator<EncodeEvent> {
    if (event.type === "sealed" && event.path !== null) this.#upload?.sealed(event.path);
    for (const happened of this.#happened.splice(0)) yield this.#told(happened);
  }

  /**
   * Publishes the finished run. Where one way fails, the other is gone all the same.
   *
   * @throws {SpeechmillError} What failed first: the run itself is whole.
   */
  async *finish(): AsyncGenerator<EncodeEvent> {
    const failures: unknown[] = [];
    for (const publish of [() => this.#save(), () => this.#finishUpload()]) {
      try {
        yield* publish();
      } catch (error) {
        failures.push(error);
      }
    }
    const [first, ...others] = failures;
    for (const error of others) yield { type: "warning", message: messageOf(error) };
    if (first !== undefined) throw first;
  }

  async *#save(): AsyncGenerator<EncodeEvent> {
    const { output, saveLocal } = this.#options.config;
    if (saveLocal === null) return;
    yield { type: "saved", folder: saveLocal, files: await copyDataset(output, saveLocal) };
  }

  async *#finishUpload(): AsyncGenerator<EncodeEvent> {
    if (this.#upload === null) return;
    for await (const event of this.#upload.finish()) yield this.#told(event);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#upload?.[Symbol.asyncDispose]();
  }

  #told(event: UploadEvent): EncodeEvent {
    return { type: "upload", repository: this.#options.config.hfUpload ?? "", event };
  }
}

/**
 * Audio that was brought from the Hub for a run and dropped after: it is brought once more, a row
 * group at a time.
 *
 * @module
 */
import { datasetsOf } from "../config/datasets.ts";
import { readStoredConfig } from "../config/read_stored.ts";
import { openRunSource, type OpenSourceOptions } from "../encoding/open_source.ts";
import { SpeechmillError } from "../errors.ts";
import { pathExists } from "../fs.ts";
import { lockOwner } from "../run/lock_owner.ts";
import { runPaths } from "../run/run_directory.ts";
import type { Blocks } from "../sources/source.ts";

/** A clip as the plan has it. */
export interface DeferredClip {
  readonly audio: string | null;
  readonly part: string | null;
  /** Null for a file that was not here when the run was planned. */
  readonly size: number | null;
  readonly origin: number;
}

/** The source of the run, as far as it matters here. */
interface Opened {
  readonly blocks: Blocks;
  /** Clears what a run left that needs it no more: one that is not finished brings it again. */
  finish(): void;
}

/** Brings files that are not here, one at a time. */
export class DeferredAudio implements AsyncDisposable {
  readonly #directory: string;
  readonly #options: OpenSourceOptions;
  #opened: Promise<Opened> | null = null;
  #held: { readonly path: string; readonly origin: number } | null = null;

  /** @param directory The run directory. */
  constructor(directory: string, options: OpenSourceOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /**
   * Makes sure that the file of a clip is here; one that was brought before may go.
   *
   * @throws {Error} If it cannot be brought.
   */
  async bring({ audio, size, origin }: DeferredClip): Promise<void> {
    if (audio === null || size !== null || audio === this.#held?.path) return;
    await this.#drop();
    if (pathExists(audio)) return;
    const { signal = new AbortController().signal } = this.#options;
    await (await this.#open()).blocks.bring(audio, signal, origin);
    this.#held = { path: audio, origin };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drop();
    if (this.#opened !== null) (await this.#opened).finish();
  }

  #open(): Promise<Opened> {
    return this.#opened ??= this.#openBlocks();
  }

  async #openBlocks(): Promise<Opened> {
    const owner = lockOwner(runPaths(this.#directory).lock);
    if (owner !== null) {
      throw new SpeechmillError(
        `Cannot bring the audio here: ${owner} works in the run, and brings and drops it as well: ` +
          "wait for it",
      );
    }
    const config = await readStoredConfig(this.#directory);
    const { source, finish } = await openRunSource(config, datasetsOf(config), this.#options);
    if (source.blocks !== undefined) return { blocks: source.blocks, finish };
    throw new SpeechmillError("Cannot bring the audio here: the input is not on the Hub any more");
  }

  async #drop(): Promise<void> {
    const held = this.#held;
    this.#held = null;
    if (held !== null) await (await this.#open()).blocks.drop(held.path, held.origin);
  }
}

/**
 * Trying again what may pass: longer pauses each time, and an end.
 *
 * @module
 */
import { realClock } from "../clock.ts";
import { SpeechmillError } from "../errors.ts";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 32_000;
/** A server that asks for more is not waited for. The Hub's windows are 5 minutes long. */
const LONGEST_REQUESTED_PAUSE = 10 * 60_000;
const ATTEMPTS = 6;
/**
 * Attempts at what a run goes on with, once the server has answered it: half an hour of them. A
 * name server or a router that fails for minutes must not end a run of days.
 */
export const ATTEMPTS_OF_RUN = 60;
const ADVICE = "check the network and HF_ENDPOINT";

/** A failure that another attempt may not meet: a busy server, a broken connection. */
export class PassingError extends Error {
  override name = "PassingError";
  /** Milliseconds that the server asks to wait; null where it does not. */
  readonly pause: number | null;

  constructor(message: string, pause: number | null = null) {
    super(message);
    this.pause = pause;
  }
}

/** The server could not be reached, or gave no useful answer, however often it was asked. */
export class HubUnreachableError extends SpeechmillError {
  override name = "HubUnreachableError";
}

/** A pause before the next attempt. */
export interface Wait {
  /** What the last attempt met: without token, and without what opens a link. */
  readonly reason: string;
  readonly milliseconds: number;
}

/** Hears of a pause when it begins. */
export type OnWait = (wait: Wait) => void;

/** How attempts are spaced and ended. */
export interface Patience {
  /** Attempts without any progress between them. @default 6 */
  readonly attempts?: number | undefined;
  /** @default real time */
  readonly wait?: ((milliseconds: number) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each pause. */
  readonly onWait?: OnWait | undefined;
  /** Milliseconds; a server that asks for more is not waited for. @default 10 minutes */
  readonly longestPause?: number | undefined;
  /** What to do when there were attempts enough. @default "check the network and HF_ENDPOINT" */
  readonly advice?: string;
}

/** Counts failed attempts at one thing, and passes the time between them. */
export class BackOff {
  readonly #what: string;
  readonly #patience: Patience;
  #failures = 0;

  /** @param what For messages: `Cannot <what>: ...`. */
  constructor(what: string, patience: Patience) {
    this.#what = what;
    this.#patience = patience;
  }

  /** Something was won since the last failure: counting begins anew. */
  progress(): void {
    this.#failures = 0;
  }

  /**
   * Returns when it is time for the next attempt, or at once when the signal is aborted: the next
   * attempt ends with its reason.
   *
   * @throws what was thrown, if another attempt cannot help.
   * @throws {HubUnreachableError} If there were attempts enough, or the server asks for too long.
   */
  async after(error: unknown): Promise<void> {
    const { attempts = ATTEMPTS, advice = ADVICE } = this.#patience;
    const { longestPause = LONGEST_REQUESTED_PAUSE } = this.#patience;
    if (!(error instanceof PassingError)) throw error;
    this.#failures++;
    if ((error.pause ?? 0) > longestPause) {
      const minutes = Math.ceil((error.pause ?? 0) / 60_000);
      throw new HubUnreachableError(
        `Cannot ${this.#what}: ${error.message} and asks to wait; try again in ${minutes} minutes`,
      );
    }
    if (this.#failures >= attempts) {
      throw new HubUnreachableError(
        `Cannot ${this.#what}: ${error.message} (attempt ${this.#failures} of ${attempts}); ` +
          `${advice}, then run the command again`,
      );
    }
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1));
    await this.#wait({ reason: error.message, milliseconds: error.pause ?? pause });
  }

  #wait(pause: Wait): Promise<void> {
    const { wait, onWait, signal = new AbortController().signal } = this.#patience;
    const { milliseconds } = pause;
    if (milliseconds > 0 && !signal.aborted) onWait?.(pause);
    return wait === undefined ? realClock.sleep(milliseconds, signal) : wait(milliseconds);
  }
}

/** The result of the first attempt that succeeds. */
export async function retry<T>(
  what: string,
  patience: Patience,
  attempt: () => Promise<T>,
): Promise<T> {
  const backOff = new BackOff(what, patience);
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      await backOff.after(error);
    }
  }
}

/**
 * The proof that model and data fit, before every device is touched: one sample goes all the
 * way through.
 *
 * @module
 */

/** Samples that may fail before the model before the run goes on without a proof. */
const MAX_SAMPLES = 100;
/** Samples that may fail in the model before the run is given up as misconfigured. */
const MAX_MODEL_FAILURES = 3;

/** Watches the first answers of a run. */
export class Preflight {
  #passed = false;
  #samples = 0;
  #held: (() => void)[] = [];
  #passing = Promise.withResolvers<void>();

  get passed(): boolean {
    return this.#passed;
  }

  /** Resolves when the other devices may start. */
  get gate(): Promise<void> {
    return this.#passing.promise;
  }

  /** Opens the gate without a proof: another device may give it, or the run is ending. */
  open(): void {
    this.#passing.resolve();
  }

  /**
   * Holds back a failure in the model: it may be the model's fault, and nothing is held against
   * a sample until another one went through.
   *
   * @returns Whether so many failed that the run should be given up.
   */
  hold(record: () => void): boolean {
    this.#held.push(record);
    return this.#held.length >= MAX_MODEL_FAILURES;
  }

  /** Counts an answer. */
  judge(succeeded: boolean): void {
    if (this.#passed) return;
    this.#samples++;
    if (succeeded || this.#samples >= MAX_SAMPLES) this.pass();
  }

  /** Passed, or nothing is left to try: what was held back counts. */
  pass(): void {
    this.#passed = true;
    for (const record of this.#held.splice(0)) record();
    this.open();
  }
}

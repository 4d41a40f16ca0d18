/**
 * Work that several ask for at the same time.
 *
 * @module
 */

/** Does a piece of work once for all who ask while it is under way. */
export class Once {
  readonly #underWay = new Map<string, Promise<void>>();

  /** Begins it, or waits for it where it is under way. */
  async run(key: string, begin: () => Promise<void>): Promise<void> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return await underWay;
    const begun = begin();
    this.#underWay.set(key, begun);
    try {
      await begun;
    } finally {
      this.#underWay.delete(key);
    }
  }

  /** Waits until it is not under way, however it ends. */
  async settled(key: string): Promise<void> {
    await this.#underWay.get(key)?.catch(() => {});
  }
}

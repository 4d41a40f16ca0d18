/**
 * Speed over the last seconds.
 *
 * @module
 */

/** Seconds over which speed is averaged. */
const WINDOW = 10;

/** A sum by second of the last ten seconds. */
export class Rate {
  #buckets: { second: number; amount: number }[] = [];
  #begin: number | null = null;

  /** @param now Milliseconds. */
  add(amount: number, now: number): void {
    const second = Math.floor(now / 1000);
    this.#begin ??= now;
    const last = this.#buckets.at(-1);
    if (last?.second === second) last.amount += amount;
    else this.#buckets.push({ second, amount });
    if (this.#buckets.length > WINDOW + 1) this.#buckets.shift();
  }

  /** Amount a second, 0 before anything was added. */
  perSecond(now: number): number {
    if (this.#begin === null) return 0;
    const since = Math.max(this.#begin, now - WINDOW * 1000);
    const sum = this.#buckets
      .filter(({ second }) => (second + 1) * 1000 > since)
      .reduce((total, { amount }) => total + amount, 0);
    return sum / Math.max(0.5, (now - since) / 1000);
  }
}

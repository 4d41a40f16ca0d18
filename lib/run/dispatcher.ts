/**
 * Which samples a worker is given next: those that came back first, then the queue.
 *
 * @module
 */
import { LeaseQueue } from "./lease_queue.ts";
import type { Ledger } from "./ledger.ts";

/** A sample that may be leased. */
export interface PendingSample {
  readonly idx: number;
  /** Seconds of audio; a guess where the plan does not know, 0 for text alone. */
  readonly seconds: number;
  /** The file that must be brought here for it; null if there is none. */
  readonly block: string | null;
}

/** Samples to hand out together. */
export interface Grant {
  readonly samples: readonly PendingSample[];
  /** Suspects are given to a worker that holds nothing else, so that its death tells something. */
  readonly suspect: boolean;
}

/** How large a grant may be. */
export interface GrantSize {
  readonly seconds: number;
  readonly samples: number;
}

/** Tells which files of deferred samples are here. */
export interface BlockGate {
  isHere(path: string): boolean;
}

const OPEN_GATE: BlockGate = { isHere: () => true };

/** Hands out the pending samples of a run, each to one worker at a time. */
export class Dispatcher {
  #gate: BlockGate;
  #queue: LeaseQueue;
  #returned: PendingSample[] = [];
  #suspects: PendingSample[][] = [];
  #unleased: number;

  /** @param gate Holds back samples whose file is not here. @default {nothing is held back} */
  constructor(ledger: Ledger, gate: BlockGate = OPEN_GATE) {
    this.#gate = gate;
    this.#queue = new LeaseQueue(ledger);
    this.#unleased = ledger.get<{ n: number }>(
      "SELECT COUNT(*) AS n FROM sample WHERE state = 0",
    )?.n ?? 0;
  }

  /** Pending samples that no worker holds. */
  get unleased(): number {
    return this.#unleased;
  }

  /** Whether some are suspected of having killed a worker. */
  get hasSuspects(): boolean {
    return this.#suspects.length > 0;
  }

  /** Whether there are samples that nothing speaks against, and all of them wait for blocks. */
  get isWaiting(): boolean {
    if (this.#find() !== null) return false;
    return this.#returned.length > 0 || this.#queue.peek() !== undefined;
  }

  /** Whether more samples could be leased if another block were here, and none without suspicion can be. */
  get isStarved(): boolean {
    if (this.#find() !== null) return false;
    return this.isWaiting || this.#suspects.some((group) => !this.#areHere(group));
  }

  /** Blocks that samples at the front need, the most urgent first. */
  get urgentBlocks(): ReadonlySet<string> {
    const samples = [...this.#suspects.toReversed().flat(), ...this.#returned.toReversed()];
    const front = this.#queue.peek();
    if (front !== undefined) samples.push(front);
    return new Set(samples.flatMap(({ block }) => block ?? []));
  }

  /**
   * The next samples, at least one; null if none is to be had now.
   *
   * @param alone Whether the worker holds nothing: only then does it get suspects.
   */
  next(size: GrantSize, alone: boolean): Grant | null {
    const group = alone ? this.#takeSuspects() : undefined;
    if (group !== undefined) {
      this.#unleased -= group.length;
      return { samples: group, suspect: true };
    }
    const samples: PendingSample[] = [];
    let seconds = 0;
    while (samples.length < size.samples) {
      const found = this.#find();
      if (found === null) break;
      const { sample, take } = found;
      if (samples.length > 0 && seconds + sample.seconds > size.seconds) break;
      take();
      samples.push(sample);
      seconds += sample.seconds;
    }
    if (samples.length === 0) return null;
    this.#unleased -= samples.length;
    return { samples, suspect: false };
  }

  /** Takes samples back, to be leased again. */
  giveBack(samples: readonly PendingSample[]): void {
    this.#returned.push(...samples);
    this.#unleased += samples.length;
  }

  /**
   * Takes back samples of which one may have killed its worker: they are leased by themselves, the
   * last group first. So one bad sample is found before the next is looked for, and the good ones
   * between them show that the device works.
   */
  suspect(group: readonly PendingSample[]): void {
    if (group.length === 0) return;
    this.#suspects.push([...group]);
    this.#unleased += group.length;
  }

  /**
   * Leaves out every sample of a block of which none is leased: it can never be brought here.
   *
   * @param count How many of its samples were pending.
   */
  discard(block: string, count: number): void {
    const isKept = (sample: PendingSample) => sample.block !== block;
    this.#queue.discard(block);
    this.#returned = this.#returned.filter(isKept);
    const groups = this.#suspects.map((group) => group.filter(isKept));
    this.#suspects = groups.filter((group) => group.length > 0);
    this.#unleased = Math.max(0, this.#unleased - count);
  }

  /** The next sample that nothing speaks against and that can be leased now. */
  #find(): { readonly sample: PendingSample; readonly take: () => void } | null {
    const at = this.#returned.findLastIndex((sample) => this.#isHere(sample));
    const returned = this.#returned[at];
    if (returned !== undefined) {
      return { sample: returned, take: () => this.#returned.splice(at, 1) };
    }
    const sample = this.#queue.peek();
    if (sample === undefined || !this.#isHere(sample)) return null;
    return { sample, take: () => this.#queue.take() };
  }

  #takeSuspects(): PendingSample[] | undefined {
    const at = this.#suspects.findLastIndex((group) => this.#areHere(group));
    return at === -1 ? undefined : this.#suspects.splice(at, 1)[0];
  }

  #areHere(group: readonly PendingSample[]): boolean {
    return group.every((sample) => this.#isHere(sample));
  }

  #isHere({ block }: PendingSample): boolean {
    return block === null || this.#gate.isHere(block);
  }
}

/**
 * Keeps the files of deferred samples on the disk while they are needed: a few ahead of the
 * workers, and never more than a fixed number.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { SampleError } from "../errors.ts";
import type { Blocks } from "../sources/source.ts";
import type { BlockTable, PlannedBlock } from "./block_table.ts";
import type { BlockGate } from "./dispatcher.ts";

/** What a keeper tells. */
export interface BlockListener {
  /** Samples of a block can be leased now. */
  onBrought(path: string, milliseconds: number): void;
  /** What a block holds is damaged for good; none of its samples is leased. */
  onLost(block: PlannedBlock, error: SampleError): void;
  /** A block cannot be brought here now: the run must stop. */
  onFailure(error: unknown): void;
  /** A block could not be dropped. */
  onLeftBehind(path: string, error: unknown): void;
}

/** What a keeper needs. */
export interface BlockKeeperOptions {
  readonly table: BlockTable;
  readonly blocks: Blocks;
  readonly clock: Clock;
  readonly listener: BlockListener;
  /** Blocks on the disk at most. */
  readonly maxBlocks: number;
  /** Blocks that samples at the front need, the most urgent first. */
  readonly urgent: () => ReadonlySet<string>;
  /** Blocks of samples that workers hold. */
  readonly held: () => ReadonlySet<string>;
}

/** Blocks that are brought at the same time: more of them would make the next one late. */
const AT_ONCE = 4;
/** How long, in milliseconds, an end waits for those that do not heed that they are to stop. */
const GRACE = 5000;

interface Entry {
  readonly block: PlannedBlock;
  /** Its samples without an outcome. */
  left: number;
  state: "coming" | "here" | "lost" | "going";
}

/** Brings blocks in the order in which their samples are leased, and drops them after the last. */
export class BlockKeeper implements BlockGate {
  #options: BlockKeeperOptions;
  #entries = new Map<string, Entry>();
  /** Blocks up to this one were looked at in their turn. */
  #reached = 0;
  #stop = new AbortController();
  #isOver = false;
  #running = new Set<Promise<void>>();

  constructor(options: BlockKeeperOptions) {
    this.#options = options;
  }

  isHere(path: string): boolean {
    return this.#entries.get(path)?.state === "here";
  }

  /** Goes on with what an earlier session left on the disk, and brings what is needed first. */
  start(): void {
    const { table, maxBlocks } = this.#options;
    for (const block of table.leftHere()) {
      const isWanted = this.#entries.size < maxBlocks;
      const entry = this.#enter(block);
      this.#run(isWanted && entry.left > 0 ? this.#bring(entry) : this.#drop(entry));
    }
    this.#supply();
  }

  /** A worker has nothing to do, because all samples that it could be given wait for blocks. */
  onStarved(): void {
    this.#supply(true);
  }

  /** A sample has its outcome. */
  onSettled(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    entry.left--;
    if (entry.left > 0) return;
    if (entry.state === "here" || entry.state === "lost") this.#run(this.#drop(entry));
  }

  /** Brings nothing any more. */
  stop(): void {
    this.#stop.abort();
  }

  /** Stops, and waits for what is under way, though not for ever. */
  async close(): Promise<void> {
    this.stop();
    const ended = new AbortController();
    const all = Promise.all(this.#running).finally(() => ended.abort());
    await Promise.race([all, this.#options.clock.sleep(GRACE, ended.signal)]);
    ended.abort();
    this.#isOver = true;
  }

  #supply(isStarved = false): void {
    if (this.#stop.signal.aborted) return;
    const urgent = this.#options.urgent();
    for (const path of urgent) {
      const block = this.#entries.has(path) ? undefined : this.#options.table.find(path);
      if (block === undefined) continue;
      if (!this.#hasRoom) return this.#makeRoom(block, urgent, isStarved);
      this.#run(this.#bring(this.#enter(block)));
    }
    while (this.#hasRoom && this.#count("coming") < AT_ONCE) {
      const entry = this.#nextInTurn();
      if (entry === null) return;
      this.#run(this.#bring(entry));
    }
  }

  /**
   * Drops a block of which samples are pending for one that is needed before. Blocks are brought
   * in the order in which they are needed, so that happens where a block's samples do not lie
   * side by side, and where workers died of samples in several blocks.
   */
  #makeRoom(needed: PlannedBlock, urgent: ReadonlySet<string>, isStarved: boolean): void {
    if (this.#count("going") > 0) return;
    const held = this.#options.held();
    const free = [...this.#entries.values()].filter(({ state, block }) =>
      state === "here" && !held.has(block.path)
    );
    const isIdle = isStarved && held.size === 0 && this.#count("coming") === 0;
    const victim = free.findLast(({ block }) => !urgent.has(block.path)) ??
      (isIdle ? leastUrgent(urgent, free) : undefined);
    if (victim !== undefined) this.#run(this.#replace(victim, needed));
  }

  get #hasRoom(): boolean {
    return this.#entries.size < this.#options.maxBlocks;
  }

  #count(state: Entry["state"]): number {
    return [...this.#entries.values()].filter((entry) => entry.state === state).length;
  }

  /** Takes a place on the disk for a block. */
  #enter(block: PlannedBlock): Entry {
    const left = this.#options.table.pending(block).length;
    const entry: Entry = { block, left, state: "coming" };
    this.#entries.set(block.path, entry);
    return entry;
  }

  /** The next block that was not looked at yet. */
  #nextInTurn(): Entry | null {
    while (true) {
      const block = this.#options.table.after(this.#reached);
      if (block === undefined) return null;
      this.#reached = block.n;
      if (this.#entries.has(block.path)) continue;
      const entry = this.#enter(block);
      if (entry.left > 0) return entry;
      this.#entries.delete(block.path);
    }
  }

  #run(work: Promise<void>): void {
    const tracked = work.then(() => this.#supply()).catch((error) => this.#fail(error))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  async #bring(entry: Entry): Promise<void> {
    const { blocks, table, clock, listener } = this.#options;
    const { block } = entry;
    const { signal } = this.#stop;
    if (signal.aborted) return;
    const begin = clock.now();
    table.setHere(block, true);
    try {
      await blocks.bring(block.path, signal, block.origin);
    } catch (error) {
      if (signal.aborted || !(error instanceof SampleError)) throw error;
      entry.state = "lost";
      return listener.onLost(block, error);
    }
    if (signal.aborted) return;
    entry.state = "here";
    if (entry.left === 0) return await this.#drop(entry);
    listener.onBrought(block.path, clock.now() - begin);
  }

  async #drop(entry: Entry): Promise<void> {
    const { blocks, table, listener } = this.#options;
    const { block } = entry;
    entry.state = "going";
    try {
      await blocks.drop(block.path, block.origin);
    } catch (error) {
      listener.onLeftBehind(block.path, error);
    }
    if (this.#isOver) return;
    table.setHere(block, false);
    this.#entries.delete(block.path);
  }

  async #replace(victim: Entry, needed: PlannedBlock): Promise<void> {
    // Its place is taken now, so that no other block gets it.
    const entry = this.#enter(needed);
    await this.#drop(victim);
    await this.#bring(entry);
  }

  #fail(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.stop();
    this.#options.listener.onFailure(error);
  }
}

/** The last of some entries in the order of urgency. */
function leastUrgent(urgent: ReadonlySet<string>, entries: readonly Entry[]): Entry | undefined {
  const order = [...urgent];
  const rank = ({ block }: Entry) => order.indexOf(block.path);
  return entries.toSorted((a, b) => rank(a) - rank(b)).at(-1);
}

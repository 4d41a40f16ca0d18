/** Blocks that are brought nowhere: a test says how each fares, and sees what is on the disk. */
import assert from "node:assert/strict";
import type { Blocks, Source, SourceSample } from "../../lib/sources/source.ts";
import { listSource, sampleOf } from "./list_source.ts";
import type { WorkerScript } from "./scripted_worker.ts";

/** Whether a block comes, late, or not at all: throws what `bring` is to throw. */
export type BringScript = (path: string, signal: AbortSignal) => Promise<void> | void;

/** Keeps count of what was brought and dropped. */
export class FakeBlocks implements Blocks {
  /** On the disk, also in part. */
  readonly onDisk = new Set<string>();
  /** Here as a whole. */
  readonly whole = new Set<string>();
  readonly brought: string[] = [];
  readonly dropped: string[] = [];
  /** The most that were on the disk at a time. */
  most = 0;
  #script: BringScript;

  constructor(script: BringScript = () => {}) {
    this.#script = script;
  }

  async bring(path: string, signal: AbortSignal): Promise<void> {
    assert.ok(!signal.aborted, "nothing is brought after a stop");
    this.brought.push(path);
    this.onDisk.add(path);
    this.most = Math.max(this.most, this.onDisk.size);
    await this.#script(path, signal);
    this.whole.add(path);
  }

  async drop(path: string): Promise<void> {
    assert.ok(this.onDisk.has(path), `'${path}' is dropped and was never brought`);
    this.whole.delete(path);
    await Promise.resolve();
    this.onDisk.delete(path);
    this.dropped.push(path);
  }
}

/** A path that no file has. */
export function blockPath(block: number | string): string {
  return `/blocks/${block}.parquet`;
}

/** Deferred samples, of which each names its block. */
export function deferredSamples(blocks: readonly (number | string)[]): SourceSample[] {
  return blocks.map((block, row) =>
    sampleOf(`s${String(row).padStart(4, "0")}`, {
      audio: blockPath(block),
      part: { kind: "parquet", row, column: "audio" },
      isDeferred: true,
    })
  );
}

/** A source over deferred samples. */
export function blockSource(samples: readonly SourceSample[], blocks: Blocks): Source {
  return { ...listSource(samples), isSequential: true, blocks };
}

/** A worker that reads each sample's block before it does anything else. */
export function readingFrom(
  blocks: FakeBlocks,
  samples: readonly SourceSample[],
  then: WorkerScript = (index, worker) => worker.answer(index),
): WorkerScript {
  return (index, worker) => {
    const path = samples[index]?.audio;
    if (path && samples[index]?.isDeferred && !blocks.whole.has(path)) {
      const failure = { reason: "missing_file", detail: `no '${path}'`, retry: false } as const;
      return worker.send({ type: "result", index, status: "failed", stage: "prepare", ...failure });
    }
    then(index, worker);
  };
}

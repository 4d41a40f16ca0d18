/**
 * A worker that answers every sample at once with random tokens.
 *
 * @module
 */
import type { Stage } from "../../workers/stage.ts";
import { runWorker } from "../../workers/worker.ts";
import { seededRandom } from "../graphs/random.ts";

/** What a clip is made into. */
export interface TokenShape {
  /** Tokens of each layer. */
  readonly lengths: readonly number[];
  readonly entries: number;
  readonly samples: number;
  /** In Hz. */
  readonly sampleRate: number;
}

/** Serves the stage of a codec whose tokens have this shape. */
export async function runTokenWorker(shape: TokenShape): Promise<void> {
  await runWorker({ stages: { codec: stageOf(shape) } });
}

function stageOf({ lengths, entries, samples, sampleRate }: TokenShape): Stage {
  return {
    inline({ idx }) {
      const random = seededRandom(idx);
      const codes = lengths.map((length) =>
        Array.from({ length }, () => Math.floor(entries * random()))
      );
      return { seconds: samples / sampleRate, output: { codes, num_samples: samples } };
    },
    makePreparer: refuse,
    makeRunner: refuse,
    makeCutter: refuse,
  };
}

function refuse(): never {
  throw new TypeError("Cannot start a thread: this stage answers inline");
}

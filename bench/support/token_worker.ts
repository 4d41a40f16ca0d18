/**
 * A worker that answers every sample at once with tokens of ten seconds: four layers of 500.
 *
 * @module
 */
import type { Stage } from "../../workers/stage.ts";
import { runWorker } from "../../workers/worker.ts";
import { seededRandom } from "../graphs/random.ts";

const LAYERS = 4;
const FRAMES = 500;
const ENTRIES = 1024;
const HOP = 320;
const RATE = 16_000;

const stage: Stage = {
  inline({ idx }) {
    const random = seededRandom(idx);
    const codes = Array.from(
      { length: LAYERS },
      () => Array.from({ length: FRAMES }, () => Math.floor(ENTRIES * random())),
    );
    return { seconds: FRAMES * HOP / RATE, output: { codes, num_samples: FRAMES * HOP } };
  },
  makePreparer: refuse,
  makeRunner: refuse,
  makeCutter: refuse,
};

function refuse(): never {
  throw new TypeError("Cannot start a thread: this stage answers inline");
}

await runWorker({ stages: { codec: stage } });

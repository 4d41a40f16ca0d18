/**
 * A stage that does nothing, to measure what the engine alone costs.
 *
 * @module
 */
import type { Stage } from "../stage.ts";

/** Answers every sample at once, on the worker's main thread. */
export const noneStage: Stage = {
  inline: () => ({ seconds: 0, output: {} }),
  makePreparer() {
    throw new TypeError("Cannot prepare samples: the stage 'none' is answered inline");
  },
  makeRunner() {
    throw new TypeError("Cannot run batches: the stage 'none' is answered inline");
  },
  makeCutter() {
    throw new TypeError("Cannot cut samples: the stage 'none' is answered inline");
  },
};

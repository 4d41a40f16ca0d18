/**
 * Jobs for benches of the engine alone.
 *
 * @module
 */
import type { Job } from "../../lib/run/job.ts";
import type { Source } from "../../lib/sources/source.ts";

/** Samples through the stage `none`: rows of id and text. */
export function nothingJob(source: Source): Job {
  return {
    source,
    stage: {
      ...{ name: "none", settings: { model: "none" }, modelDigest: "none", bytesPerSecond: 0 },
      lengthOf: () => 0,
      check: () => null,
      tokens: () => 0,
    },
    columns: [{ name: "id", type: "string" }, { name: "text", type: "string" }],
    row: ({ id, text }) => ({ id, text }),
    model: { codec: "none" },
    card: () => "# Bench\n",
    notice: null,
  };
}

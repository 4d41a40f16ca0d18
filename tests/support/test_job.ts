/** A job whose rows hold the text's length: small enough to follow every byte of it. */
import type { Job } from "../../lib/run/job.ts";
import type { Source } from "../../lib/sources/source.ts";

/** The digest that a worker must report. */
export const TEST_MODEL = "test-model";

/** A job over a source. */
export function testJob(source: Source): Job {
  return {
    source,
    stage: {
      name: "none",
      settings: { model: TEST_MODEL },
      modelDigest: TEST_MODEL,
      bytesPerSecond: 1,
      lengthOf: (seconds) => Math.ceil(seconds),
      check: (output) => ("wrong" in output ? "Cannot use the output: it is wrong" : null),
      tokens: () => 1,
    },
    columns: [{ name: "id", type: "string" }, { name: "text", type: "string" }],
    row: ({ id, text }) => ({ id, text }),
    model: { name: "test" },
    card: (figures) => `# Test\n\n${figures.hours} hours\n`,
    notice: null,
  };
}

/** A stage that does to its worker what the sample's text says. */
import { SampleError } from "../../lib/errors.ts";
import type { Piece, Prepared, Stage, StageRegistry } from "../../workers/stage.ts";

const SAMPLE_RATE = 100;

/** Reads a byte that is in no page: the kernel ends the process. */
function crash(): never {
  const nowhere = Deno.UnsafePointer.create(8n);
  if (nowhere !== null) new Deno.UnsafePointerView(nowhere).getUint8();
  throw new Error("Survived a null pointer");
}

function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function prepare(text: string): Prepared {
  if (text === "crash") crash();
  if (text === "hang") block(600_000);
  if (text === "print") Deno.stdout.writeSync(new TextEncoder().encode("printed by a library\n"));
  if (text === "bad") throw new SampleError("not_audio", "Cannot decode it: it says 'bad'");
  // The first number tells the model thread what to do.
  const marks: Record<string, number> = {
    "run for a minute": 1,
    "does not fit": 2,
    "lose the device": 3,
    "fail": 4,
  };
  const data = new Float32Array(SAMPLE_RATE).fill(marks[text] ?? 0);
  return { seconds: 1, numSamples: SAMPLE_RATE, data };
}

function run(batch: Float32Array, count: number, capacity: number): number[] {
  const marks = Array.from({ length: count }, (_, i) => batch[i * batch.length / count] ?? 0);
  if (marks.includes(1)) block(60_000);
  if (marks.includes(3)) {
    throw new Error("CUDA failure 700: an illegal memory access was encountered");
  }
  if (marks.includes(4)) throw new Error("Invalid rank for input");
  if (marks.includes(2) || count > capacity) {
    throw new Error("Failed to allocate memory for requested buffer of size 80000000000");
  }
  return marks;
}

const faulty: Stage = {
  makePreparer: () => ({ prepare: (sample) => prepare(sample.text ?? "") }),
  makeRunner(settings) {
    if (settings["load"] === "for ever") block(600_000);
    return Promise.resolve({
      ...{ modelDigest: String(settings["model"]), provider: "cpu" },
      run: (batch, count) =>
        Promise.resolve(run(batch, count, Number(settings["capacity"] ?? 1000))),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  makeCutter: () => ({
    ...{ sampleRate: SAMPLE_RATE, minWindow: null },
    cut: (dataLength): Piece[] => [{ start: 0, length: dataLength }],
    join: (_, __, results) => ({ marks: results }),
    classify: (error) =>
      /allocate memory/.test(error)
        ? "out_of_memory"
        : /CUDA failure 700/.test(error)
        ? "device_lost"
        : "model_error",
  }),
};

/** The stages of the faulty worker. */
export const FAULTY_STAGES: StageRegistry = { faulty };

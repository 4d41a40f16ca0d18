/**
 * Audio to codec tokens.
 *
 * @module
 */
import { SampleAudio } from "../../lib/audio/sample_audio.ts";
import type { Codec, CodecOptions, CodecSpec, Codes } from "../../models/codec.ts";
import { paddedLength } from "../../models/codec.ts";
import { codecSpec, loadCodec } from "../../models/registry.ts";
import type { LeasedSample, Prepared, Preparer, Runner, Stage } from "../stage.ts";
import { CodecCutter } from "./codec_cutter.ts";

/** The codec stage: decode, resample and pad; encode; keep the codes of real audio. */
export const codecStage: Stage = {
  makePreparer: (settings) => new CodecPreparer(specOf(settings)),
  async makeRunner(settings) {
    const provider = providerOf(settings);
    const codec = await loadCodec(codecOf(settings), { provider, threads: 1 });
    // A real run: a worker that says `ready` has a model that works on its device.
    await codec.encode(new Float32Array(1));
    return new CodecRunner(codec, provider);
  },
  makeCutter: (settings) => new CodecCutter(specOf(settings), settings["whole_frames"] === true),
};

function codecOf(settings: Record<string, unknown>): string {
  const { codec } = settings;
  if (typeof codec !== "string") {
    throw new TypeError("Cannot start the codec stage: no codec is named");
  }
  return codec;
}

function specOf(settings: Record<string, unknown>): CodecSpec {
  return codecSpec(codecOf(settings));
}

function providerOf(settings: Record<string, unknown>): NonNullable<CodecOptions["provider"]> {
  const { provider } = settings;
  return provider === "cuda" || provider === "webgpu" ? provider : "cpu";
}

class CodecPreparer implements Preparer {
  #spec: CodecSpec;
  #audio = new SampleAudio();

  constructor(spec: CodecSpec) {
    this.#spec = spec;
  }

  prepare(sample: LeasedSample): Prepared {
    const clip = this.#audio.read(sample, this.#spec.sampleRate);
    const numSamples = clip.pcm.length;
    const padded = paddedLength(this.#spec, numSamples);
    if (padded === numSamples) return { seconds: clip.duration, numSamples, data: clip.pcm };
    const data = new Float32Array(padded);
    data.set(clip.pcm);
    return { seconds: clip.duration, numSamples, data };
  }

  [Symbol.dispose](): void {
    this.#audio[Symbol.dispose]();
  }
}

class CodecRunner implements Runner {
  readonly provider: string;
  #codec: Codec;

  constructor(codec: Codec, provider: string) {
    this.#codec = codec;
    this.provider = provider;
  }

  get modelDigest(): string {
    return this.#codec.digest;
  }

  run(batch: Float32Array<ArrayBuffer>, count: number): Promise<Codes[]> {
    const length = batch.length / count;
    const clips = Array.from(
      { length: count },
      (_, i) => batch.subarray(i * length, (i + 1) * length),
    );
    return this.#codec.encodeBatch(clips);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#codec[Symbol.asyncDispose]();
  }
}

/**
 * Runs over two clips of real speech with narrow checkpoints of published families, whole: encoded
 * by a worker process, checked, decoded.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { decodeAudio } from "../../lib/audio/decode.ts";
import { encodeWav } from "../../lib/audio/wav.ts";
import { loadConfig } from "../../lib/config/config.ts";
import { decodeRun, type DecodeRunOptions } from "../../lib/decode_run.ts";
import { encode } from "../../lib/encode.ts";
import type { HubOptions } from "../../lib/hub/repository.ts";
import { type EncodedRow, openRun } from "../../lib/open_run.ts";
import type { LayoutName } from "../../lib/layouts/layout.ts";
import type { EncodeEvent } from "../../lib/encoding/events.ts";
import { type VerifyReport, verifyRun } from "../../lib/verify.ts";
import type { CodecSettings } from "../../models/checkpoint_family.ts";
import type { Codec } from "../../models/codec.ts";
import { sha256 } from "../../models/digest.ts";
import { openCodec } from "../../models/resolve.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";

const root = new URL("../..", import.meta.url).pathname;
const SPEECH = join(root, "examples/speech");

/** Absolute path of a checkpoint: one in `tests/data/checkpoints` by its name there. */
export function narrowCheckpoint(name: string): string {
  return resolve(root, "tests/data/checkpoints", name);
}

/** What a run takes from its config. */
export type NarrowSettings = Pick<CodecSettings, "codebooks" | "chunked"> & {
  readonly windowSeconds?: number;
  readonly layout?: LayoutName;
  readonly removeRepeatedFrames?: boolean;
};

/** A WAV file: equal ones are the same bytes. Bytes that differ would take a minute to show. */
export interface Wav {
  readonly samples: number;
  readonly sha256: string;
}

/** A finished run and the cache of its codec, both removed when it is disposed of. */
export class NarrowRun implements Disposable {
  readonly temporary: TemporaryFolder = new TemporaryFolder();
  readonly directory: string = this.temporary.file("run");
  /** No network, and a cache of its own. */
  readonly hub: HubOptions = {
    environment: (name) =>
      name === "SPEECHMILL_CACHE"
        ? this.temporary.file("cache")
        : name === "HF_HUB_OFFLINE"
        ? "1"
        : undefined,
  };
  readonly codec: string;
  #events: readonly EncodeEvent[] = [];

  private constructor(codec: string) {
    this.codec = codec;
  }

  /** Encodes a clip of 9.7 s and one of 1.9 s. */
  static async of(checkpoint: string, settings: NarrowSettings = {}): Promise<NarrowRun> {
    const run = new NarrowRun(narrowCheckpoint(checkpoint));
    try {
      const input = [join(SPEECH, "manifest.jsonl")];
      const flags = {
        ...{ input, maxSamples: 2, devices: "cpu:1", valRatio: 0 },
        ...{ codec: run.codec, output: run.directory, ...settings },
      };
      const config = await loadConfig({ flags, cwd: root });
      run.#events = await Array.fromAsync(encode(config, { hub: run.hub }));
      const last = run.#events.at(-1);
      assert.ok(last?.type === "finished");
      assert.deepEqual([last.summary.done, last.summary.quarantined], [2, 0]);
      return run;
    } catch (error) {
      run[Symbol.dispose]();
      throw error;
    }
  }

  /** What the run told everyone who uses its codec. */
  get notices(): string[] {
    return this.#events.flatMap((event) => event.type === "notice" ? [event.message] : []);
  }

  /** How many pieces of sound the worker encoded: clips, or windows of them. */
  get encoded(): number {
    return this.#events.reduce((sum, event) => sum + (event.type === "batch" ? event.size : 0), 0);
  }

  /** The codec of the run, or another, opened with settings. */
  open(settings: CodecSettings = {}, codec = this.codec): Promise<Codec> {
    return openCodec(codec, { hub: this.hub, threads: 1, ...settings });
  }

  async rows(): Promise<EncodedRow[]> {
    using run = await openRun(this.directory);
    return await Array.fromAsync(run.rows());
  }

  /** The clip of a row, as its codec takes it. */
  clip({ id, sampleRate }: EncodedRow): Float32Array {
    return decodeAudio(join(SPEECH, `${id}.flac`), { sampleRate }).pcm;
  }

  /** Encodes every row once more, alone. */
  async verify(): Promise<VerifyReport> {
    const options = { rebatch: 1, hub: this.hub, threads: 1 };
    const last = (await Array.fromAsync(verifyRun(this.directory, options))).at(-1);
    assert.ok(last?.type === "finished");
    return last.report;
  }

  /** Decodes the run into a new folder; each WAV by the id of its row. */
  async decode(options: Partial<DecodeRunOptions> = {}): Promise<Map<string, Wav>> {
    const output = Deno.makeTempDirSync({ dir: this.temporary.path });
    const decoding = { output, hub: this.hub, threads: 1, ...options };
    const wavs = new Map<string, Wav>();
    for await (const event of decodeRun(this.directory, decoding)) {
      if (event.type !== "decoded") continue;
      wavs.set(event.id, wavOf(Deno.readFileSync(join(output, event.file))));
    }
    return wavs;
  }

  [Symbol.dispose](): void {
    this.temporary[Symbol.dispose]();
  }
}

function wavOf(bytes: Uint8Array): Wav {
  return { samples: (bytes.length - 44) / 2, sha256: sha256(bytes) };
}

/** The WAV of each row, as a codec itself decodes it. */
export async function wavsOf(
  rows: readonly EncodedRow[],
  codec: Codec,
): Promise<Map<string, Wav>> {
  const wavs = new Map<string, Wav>();
  for (const { id, codes, numSamples, sampleRate } of rows) {
    wavs.set(id, wavOf(encodeWav(await codec.decode(codes, numSamples), sampleRate)));
  }
  return wavs;
}

/**
 * Holds a run to its codec: the rows are what it gives for each clip alone, `verify` finds nothing
 * wrong, and the WAVs are as long as the clips and what it decodes.
 */
export async function checkNarrowRun(run: NarrowRun, settings: CodecSettings = {}): Promise<void> {
  await using codec = await run.open(settings);
  const rows = await run.rows();
  assert.deepEqual(rows.map(({ id }) => id), ["LJ001-0001", "LJ001-0002"]);
  for (const row of rows) {
    const pcm = run.clip(row);
    assert.equal(row.numSamples, pcm.length);
    assert.deepEqual(row.codes, await codec.encode(pcm), `codes of '${row.id}'`);
  }
  const { problems, rebatch, ok } = await run.verify();
  assert.deepEqual([problems, ok], [[], true]);
  const tokens = rows.reduce((sum, { codes }) => sum + codes.flat().length, 0);
  assert.deepEqual(rebatch, { samples: 2, tokens, mismatches: 0, rate: 0 });
  const wavs = await run.decode();
  assert.deepEqual(wavs, await wavsOf(rows, codec));
  for (const { id, numSamples } of rows) {
    assert.equal(wavs.get(id)?.samples, numSamples);
  }
}

/**
 * Encodes a share of a run once more, clip by clip, and compares the tokens: batches and windows
 * must not have changed any.
 *
 * @module
 */
import { join } from "node:path";
import type { Codec, CodecSpec, Codes } from "../../models/codec.ts";
import { fileDifference } from "../audio/file_identity.ts";
import type { SampleAudio, StoredAudio } from "../audio/sample_audio.ts";
import { messageOf } from "../errors.ts";
import { type RawRow, storedCodes } from "../reading/encoded_row.ts";
import type { RunFile } from "../reading/manifest.ts";
import type { RowLayout } from "../reading/row_layout.ts";
import type { Ledger } from "../run/ledger.ts";
import { STATE } from "../run/schema.ts";
import type { Column } from "../shards/column.ts";
import { shardFormatOf } from "../shards/registry.ts";
import { inShare } from "../share.ts";
import type { DeferredAudio, DeferredClip } from "./deferred_audio.ts";
import type { Problem } from "./report.ts";

/** What comparing needs. */
export interface RebatchOptions {
  /** The run directory. */
  readonly directory: string;
  readonly ledger: Ledger;
  readonly columns: readonly Column[];
  readonly layout: RowLayout;
  readonly files: readonly RunFile[];
  /** Share of the rows, above 0; one row at least. */
  readonly share: number;
  readonly codec: Codec;
  /** Reads the clips. */
  readonly audio: Pick<SampleAudio, "read">;
  /** Brings files that are not here. */
  readonly deferred: Pick<DeferredAudio, "bring">;
}

/** One clip, encoded once more. */
export interface Comparison {
  readonly id: string;
  /** How many clips will have been compared in the end. */
  readonly total: number;
  readonly tokens: number;
  readonly mismatches: number;
  readonly problem: Problem | null;
}

/** Compares the chosen rows, in the order of the plan. */
export async function* rebatch(options: RebatchOptions): AsyncGenerator<Comparison> {
  let total = 0;
  for (const file of options.files) total += chosen(options, file).length;
  const [first] = options.files;
  if (total > 0) {
    for (const file of options.files) {
      yield* compareFile(options, file, chosen(options, file), total);
    }
  } else if (first !== undefined) {
    yield* compareFile(options, first, clipsOf(options.ledger, first).slice(0, 1), 1);
  }
}

type PlannedClip = StoredAudio & DeferredClip;

function chosen(options: RebatchOptions, file: RunFile): PlannedClip[] {
  return clipsOf(options.ledger, file).filter(({ id }) => inShare(id, options.share));
}

function clipsOf(ledger: Ledger, file: RunFile): PlannedClip[] {
  return ledger.all<PlannedClip>(
    `SELECT id, origin, audio, part, start, end, size, mtime FROM shard JOIN sample USING (shard)
      WHERE path = ? AND idx BETWEEN first AND last AND state = ${STATE.done} ORDER BY idx`,
    file.path,
  );
}

async function* compareFile(
  options: RebatchOptions,
  file: RunFile,
  clips: readonly PlannedClip[],
  total: number,
): AsyncGenerator<Comparison> {
  if (clips.length === 0) return;
  const waiting = new Map(clips.map((clip) => [clip.id, clip]));
  const failed = (id: string, problem: string): Comparison => ({
    ...{ id, total, tokens: 0, mismatches: 0 },
    problem: { kind: "rebatch", file: file.path, id, problem },
  });
  try {
    let row = 0;
    const path = join(options.directory, file.path);
    for await (const raw of shardFormatOf(path).read(path, options.columns)) {
      row++;
      const clip = waiting.get(String(raw["id"]));
      if (clip === undefined) continue;
      waiting.delete(clip.id);
      const result = await compare(options, clip, raw);
      if (typeof result === "string") yield failed(clip.id, result);
      else yield comparison(file, row, clip, result, total);
      if (waiting.size === 0) return;
    }
  } catch (error) {
    const [clip] = waiting.values();
    yield failed(clip?.id ?? "", messageOf(error));
    return;
  }
  for (const id of waiting.keys()) yield failed(id, "the file has no row for it");
}

function comparison(
  file: RunFile,
  row: number,
  clip: PlannedClip,
  counts: { tokens: number; mismatches: number },
  total: number,
): Comparison {
  const { id } = clip;
  if (counts.mismatches === 0) return { id, total, ...counts, problem: null };
  const change = clip.audio === null ? null : fileDifference({ ...clip, audio: clip.audio });
  const problem = `${counts.mismatches} of ${counts.tokens} tokens differ from those of the clip ` +
    `encoded alone${change === null ? "" : `; ${change}`}`;
  return { id, total, ...counts, problem: { kind: "rebatch", file: file.path, row, id, problem } };
}

/** The tokens that differ, or why that cannot be told. */
async function compare(
  options: RebatchOptions,
  clip: PlannedClip,
  row: RawRow,
): Promise<{ tokens: number; mismatches: number } | string> {
  if (clip.audio === null) return "its audio is not in the plan";
  let fresh: Codes;
  try {
    await options.deferred.bring(clip);
    // A file that was touched may hold the same audio: whether it does is told by the tokens.
    const unchecked = { ...clip, size: null, mtime: null };
    const { pcm } = options.audio.read(unchecked, options.codec.spec.sampleRate);
    fresh = await encodeAlone(options, pcm);
  } catch (error) {
    return `it cannot be encoded once more: ${messageOf(error)}`;
  }
  try {
    return countMismatches(storedCodes(options.layout, row), fresh);
  } catch (error) {
    return `it cannot be compared: ${messageOf(error)}`;
  }
}

/** Codes as the row must have them. */
async function encodeAlone(
  { codec, layout: { layout } }: RebatchOptions,
  pcm: Float32Array,
): Promise<Codes> {
  const codes = await codec.encode(layout.wholeFrames ? wholeFrames(codec.spec, pcm) : pcm);
  return layout.isLossless ? codes : layout.restore(layout.arrange(codes));
}

/** The clip with zeros up to the end of its last coarse frame, where the model pads it as well. */
function wholeFrames({ hopLengths }: CodecSpec, pcm: Float32Array): Float32Array {
  const coarsest = Math.max(...hopLengths);
  const padded = new Float32Array(Math.ceil(pcm.length / coarsest) * coarsest);
  padded.set(pcm);
  return padded;
}

function countMismatches(
  stored: readonly (readonly number[])[],
  fresh: readonly (readonly number[])[],
): { tokens: number; mismatches: number } {
  let tokens = 0;
  let mismatches = 0;
  for (let layer = 0; layer < Math.max(stored.length, fresh.length); layer++) {
    const [left = [], right = []] = [stored[layer], fresh[layer]];
    const length = Math.max(left.length, right.length);
    tokens += length;
    for (let i = 0; i < length; i++) if (left[i] !== right[i]) mismatches++;
  }
  return { tokens, mismatches };
}

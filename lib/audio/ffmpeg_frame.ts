/**
 * Samples out of FFmpeg's frames.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  AV_SAMPLE_FMT_DBL,
  AV_SAMPLE_FMT_DBLP,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S16P,
  AV_SAMPLE_FMT_S32,
  AV_SAMPLE_FMT_S32P,
  AV_SAMPLE_FMT_U8,
  AV_SAMPLE_FMT_U8P,
  type Frame,
} from "../npm/node_av.ts";
import type { PcmBlock, PcmSamples } from "./mono_mixer.ts";

interface SampleFormat {
  readonly planar: boolean;
  readonly zero: number;
  readonly scale: number;
  readonly view: (bytes: Buffer, count: number) => PcmSamples;
}

type View = SampleFormat["view"];

const asU8: View = (bytes) => bytes;
const asS16: View = ({ buffer, byteOffset }, count) => new Int16Array(buffer, byteOffset, count);
const asS32: View = ({ buffer, byteOffset }, count) => new Int32Array(buffer, byteOffset, count);
const asFloat: View = ({ buffer, byteOffset }, count) =>
  new Float32Array(buffer, byteOffset, count);
const asDouble: View = ({ buffer, byteOffset }, count) =>
  new Float64Array(buffer, byteOffset, count);

const U8 = { zero: 128, scale: 2 ** -7, view: asU8 };
const S16 = { zero: 0, scale: 2 ** -15, view: asS16 };
const S32 = { zero: 0, scale: 2 ** -31, view: asS32 };
const FLOAT = { zero: 0, scale: 1, view: asFloat };
const DOUBLE = { zero: 0, scale: 1, view: asDouble };

const FORMATS: ReadonlyMap<number, SampleFormat> = new Map([
  [AV_SAMPLE_FMT_U8, { ...U8, planar: false }],
  [AV_SAMPLE_FMT_U8P, { ...U8, planar: true }],
  [AV_SAMPLE_FMT_S16, { ...S16, planar: false }],
  [AV_SAMPLE_FMT_S16P, { ...S16, planar: true }],
  [AV_SAMPLE_FMT_S32, { ...S32, planar: false }],
  [AV_SAMPLE_FMT_S32P, { ...S32, planar: true }],
  [AV_SAMPLE_FMT_FLT, { ...FLOAT, planar: false }],
  [AV_SAMPLE_FMT_FLTP, { ...FLOAT, planar: true }],
  [AV_SAMPLE_FMT_DBL, { ...DOUBLE, planar: false }],
  [AV_SAMPLE_FMT_DBLP, { ...DOUBLE, planar: true }],
]);

/**
 * Views the samples of a frame.
 *
 * @param frame A decoded audio frame. Its memory is borrowed: use the block before the frame changes.
 * @param count Samples of each channel.
 * @returns Null for a sample format that no decoder of speech gives.
 */
export function frameBlock(frame: Frame, count: number): PcmBlock | null {
  const format = FORMATS.get(frame.format);
  const planes = frame.extendedData;
  if (format === undefined || planes === null) return null;
  const { channels } = frame;
  const width = format.planar ? 1 : channels;
  return {
    planes: planes.map((plane) => format.view(aligned(plane), count * width)),
    channels,
    zero: format.zero,
    scale: format.scale,
  };
}

/** The same bytes at an offset at which any typed array can begin. */
function aligned(bytes: Buffer): Buffer {
  return bytes.byteOffset % 8 === 0 ? bytes : Buffer.from(new Uint8Array(bytes));
}

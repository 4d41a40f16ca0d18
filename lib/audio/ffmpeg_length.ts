/**
 * How long the headers of a file say that its streams are.
 *
 * @module
 */
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_SKIP_SAMPLES,
  type FormatContext,
  type Packet,
  type Stream,
} from "../npm/node_av.ts";

/** Ticks of FFmpeg's clock for whole files, a second. */
const TICKS = 1e6;

/**
 * Seconds that each stream is declared to last, by its index; streams of unknown length are absent.
 *
 * @param format Freshly opened: a later search for stream parameters puts guesses in the gaps.
 */
export function declaredLengths(
  format: FormatContext,
): ReadonlyMap<number, number> {
  const lengths = new Map<number, number>();
  const timed = format.streams.filter((stream) => !isPicture(stream));
  for (const stream of timed) {
    const { num, den } = stream.timeBase;
    const { duration } = stream;
    if (duration === AV_NOPTS_VALUE || duration <= 0n) continue;
    lengths.set(stream.index, Number(duration) * num / den);
  }
  // Matroska declares the length of the file only: the longest of its streams.
  const [only, ...others] = timed;
  const whole = format.duration;
  if (only !== undefined && others.length === 0 && whole > 0n) {
    if (!lengths.has(only.index)) {
      lengths.set(only.index, Number(whole) / TICKS);
    }
  }
  return lengths;
}

/** Samples that the decoder drops from the two ends of a packet. */
export interface Trim {
  readonly start: number;
  readonly end: number;
}

/** What a packet tells the decoder to drop: encoder delay and padding. Null if nothing. */
export function packetTrim(packet: Packet): Trim | null {
  const data = packet.getSideData(AV_PKT_DATA_SKIP_SAMPLES);
  if (data === null || data.length < 8) return null;
  return { start: data.readUInt32LE(0), end: data.readUInt32LE(4) };
}

function isPicture(stream: Stream): boolean {
  return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0;
}

/** WAV files of any shape, for tests. */

/** What a WAV file is to be made of. */
export interface WavRecipe {
  /** Format tag: 1 for integers, 3 for floats. */
  readonly tag: number;
  readonly bits: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly data: Uint8Array;
  /** @default {false} */
  readonly extensible?: boolean;
  /** What the header says of the data's length. @default {data.length} */
  readonly declaredSize?: number;
  /** 64-bit sizes: what `ds64` says of the data's length. */
  readonly longSize?: number;
  /** Chunks between the format and the data. */
  readonly before?: readonly Uint8Array[];
  /** Chunks behind the data. */
  readonly after?: readonly Uint8Array[];
}

/** One chunk, padded to an even length. */
export function chunk(id: string, content: Uint8Array, size = content.length): Uint8Array {
  const bytes = new Uint8Array(8 + content.length + content.length % 2);
  bytes.set(new TextEncoder().encode(id));
  new DataView(bytes.buffer).setUint32(4, size, true);
  bytes.set(content, 8);
  return bytes;
}

/** The file. */
export function buildWav(recipe: WavRecipe): Uint8Array<ArrayBuffer> {
  const { data, declaredSize, longSize } = recipe;
  const isLong = longSize !== undefined;
  const size = isLong ? 0xffffffff : declaredSize ?? data.length;
  const chunks = [
    ...(isLong ? [chunk("ds64", longSizes(longSize))] : []),
    chunk("fmt ", format(recipe)),
    ...recipe.before ?? [],
    chunk("data", data, size),
    ...recipe.after ?? [],
  ];
  const body = concatenate([new TextEncoder().encode("WAVE"), ...chunks]);
  return concatenate([chunk(isLong ? "RF64" : "RIFF", body)]);
}

function format(recipe: WavRecipe): Uint8Array {
  const { tag, bits, channels, sampleRate, extensible = false } = recipe;
  const bytes = new Uint8Array(extensible ? 40 : 16);
  const view = new DataView(bytes.buffer);
  const frameSize = channels * bits / 8;
  view.setUint16(0, extensible ? 0xfffe : tag, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * frameSize, true);
  view.setUint16(12, frameSize, true);
  view.setUint16(14, bits, true);
  if (!extensible) return bytes;
  view.setUint16(16, 22, true);
  view.setUint16(18, bits, true);
  view.setUint16(24, tag, true);
  bytes.set([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71], 26);
  return bytes;
}

function longSizes(dataSize: number): Uint8Array {
  const bytes = new Uint8Array(28);
  new DataView(bytes.buffer).setBigUint64(8, BigInt(dataSize), true);
  return bytes;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

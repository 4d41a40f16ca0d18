/** Writes safetensors files, also such as are wrong. */

/** A tensor to be written. */
export interface WrittenTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The length of a header and the header, as a file starts with. */
export function safetensorsHead(header: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** A whole file with tensors in the order given. */
export function safetensorsFile(
  tensors: ReadonlyMap<string, WrittenTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    const entry = { dtype, shape, "data_offsets": [end, end + bytes.length] };
    Object.defineProperty(header, name, { value: entry, enumerable: true });
    end += bytes.length;
  }
  const data = [...tensors.values()].map(({ bytes }) => bytes);
  return concatenated([safetensorsHead(JSON.stringify(header)), ...data]);
}

/** One array of several. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

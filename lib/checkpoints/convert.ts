/**
 * Stored numbers as float32. All stored formats are little-endian, as are the machines that
 * Deno runs on.
 *
 * @module
 */
import type { StoredType } from "./checkpoint.ts";

/** Size of an element. Bytes. */
export const ELEMENT_BYTES: Readonly<Record<StoredType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

type Values = Float32Array<ArrayBuffer>;

/**
 * Converts stored elements to float32. 16-bit floats are exact with their subnormals,
 * infinities and NaN; 64-bit floats and integers are rounded to the nearest, integers beyond
 * 2^53 by way of float64. Anything but 0 is a true `bool`.
 *
 * @param bytes Whole elements, at the start of a buffer of their own. float32 is not copied.
 */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, type: StoredType): Values {
  const { buffer } = bytes;
  switch (type) {
    case "float32":
      return new Float32Array(buffer);
    case "float16":
      return Float32Array.from(new Float16Array(buffer));
    case "bfloat16":
      return fromBfloat16(new Uint16Array(buffer));
    case "float64":
      return Float32Array.from(new Float64Array(buffer));
    case "int64":
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case "int32":
      return Float32Array.from(new Int32Array(buffer));
    case "int16":
      return Float32Array.from(new Int16Array(buffer));
    case "int8":
      return Float32Array.from(new Int8Array(buffer));
    case "uint8":
      return Float32Array.from(bytes);
    case "bool":
      return Float32Array.from(bytes, (value) => value === 0 ? 0 : 1);
  }
}

/** bfloat16 is the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Values {
  const words = new Uint32Array(halves.length);
  for (const [index, half] of halves.entries()) words[index] = half << 16;
  return new Float32Array(words.buffer);
}

import assert from "node:assert/strict";
import type { StoredType } from "../../lib/checkpoints/checkpoint.ts";
import { toFloat32 } from "../../lib/checkpoints/convert.ts";

function converted(numbers: ArrayBufferView<ArrayBuffer>, type: StoredType): number[] {
  const { buffer, byteOffset, byteLength } = numbers;
  return [...toFloat32(new Uint8Array(buffer, byteOffset, byteLength), type)];
}

Deno.test("toFloat32() converts every float16, subnormals, infinities and NaN too", () => {
  const halves = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  const expected = [...halves].map((bits) => {
    const sign = bits >> 15 === 0 ? 1 : -1;
    const exponent = bits >> 10 & 31;
    const fraction = (bits & 1023) / 1024;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
  });
  assert.deepEqual(converted(halves, "float16"), expected);
});

Deno.test("toFloat32() takes bfloat16 as the upper half of a float32", () => {
  const halves = Uint16Array.of(0x3f80, 0xc049, 0x0001, 0x8000, 0x7f80, 0xff80, 0x7fc0);
  const expected = [1, -3.140625, 2 ** -133, -0, Infinity, -Infinity, NaN];
  assert.deepEqual(converted(halves, "bfloat16"), expected);
});

Deno.test("toFloat32() rounds float64 to the nearest", () => {
  const doubles = Float64Array.of(0.1, 1e-50, 1e50, NaN, 16777217);
  assert.deepEqual(converted(doubles, "float64"), [Math.fround(0.1), 0, Infinity, NaN, 16777216]);
});

Deno.test("toFloat32() converts integers and truth values", () => {
  assert.deepEqual(converted(BigInt64Array.of(-5n, 2n ** 62n), "int64"), [-5, 2 ** 62]);
  assert.deepEqual(converted(Int32Array.of(-(2 ** 31)), "int32"), [-(2 ** 31)]);
  assert.deepEqual(converted(Int16Array.of(-32768, 7), "int16"), [-32768, 7]);
  assert.deepEqual(converted(Int8Array.of(-128, 7), "int8"), [-128, 7]);
  assert.deepEqual(converted(Uint8Array.of(255, 7), "uint8"), [255, 7]);
  assert.deepEqual(converted(Uint8Array.of(0, 1, 2), "bool"), [0, 1, 1]);
});

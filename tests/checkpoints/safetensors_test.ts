import assert from "node:assert/strict";
import fc from "../../lib/npm/fast_check.ts";
import { type ByteSource, openFileSource } from "../../lib/checkpoints/byte_source.ts";
import { readCheckpoint } from "../../lib/checkpoints/open.ts";
import {
  concatenated,
  safetensorsFile,
  safetensorsHead,
  type WrittenTensor,
} from "../support/safetensors_writer.ts";
import { openBytes, readAll } from "./support.ts";

const writtenTensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
  const count = shape.reduce((product, size) => product * size, 1);
  return fc.array(fc.float(), { minLength: count, maxLength: count }).map((values) => ({
    shape,
    values,
  }));
});
const name = fc.string().filter((text) => text !== "__metadata__");

Deno.test("safetensors with any names, shapes and values are read as written", async () => {
  const files = fc.dictionary(name, writtenTensor, {
    minKeys: 1,
    maxKeys: 6,
    noNullPrototype: true,
  });
  await fc.assert(fc.asyncProperty(files, async (tensors) => {
    const written = new Map(
      Object.entries(tensors).map(([name, { shape, values }]) => {
        return [name, { dtype: "F32", shape, bytes: bytesOf(values) }];
      }),
    );
    using checkpoint = await openBytes(safetensorsFile(written));
    const expected = Object.entries(tensors).map(([name, { values }]) => [name, values] as const);
    assert.deepEqual(await readAll(checkpoint), new Map(expected));
    for (const [name, { shape }] of Object.entries(tensors)) {
      assert.deepEqual(checkpoint.tensors.get(name), { name, shape, type: "float32" });
    }
  }));
});

Deno.test("safetensors are told by the brace, whatever the length before it looks like", async () => {
  for (const length of [0x80, 0x280, 0x4b50]) {
    const plain = safetensorsFile(new Map([["a", tensor()]]));
    const header = new TextDecoder().decode(plain.subarray(8, -8)).padEnd(length);
    using checkpoint = await openBytes(concatenated([safetensorsHead(header), new Uint8Array(8)]));
    assert.deepEqual(await readAll(checkpoint), new Map([["a", [0, 0]]]));
  }
});

Deno.test("safetensors keep their __metadata__", async () => {
  const file = safetensorsFile(new Map([["a", tensor()]]), { format: "pt" });
  using checkpoint = await openBytes(file);
  assert.deepEqual(checkpoint.metadata, { format: "pt" });
});

function tensor(change: Partial<WrittenTensor> = {}): WrittenTensor {
  return { dtype: "F32", shape: [2], bytes: new Uint8Array(8), ...change };
}

function bytesOf(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** A header, eight bytes of data, and why they are refused. */
const WRONG: readonly (readonly [string, string])[] = [
  ["{]", "its header is not a JSON object; download it again"],
  ["{}", "8 bytes follow its last tensor; download it again"],
  ['{"a":5}', "its header describes tensor 'a' wrongly; download it again"],
  [
    '{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}',
    "its header describes tensor 'a' wrongly in 'shape.0'; download it again",
  ],
  [
    '{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,8]}}',
    "its header describes tensor 'a' wrongly in 'shape.0'; download it again",
  ],
  [
    '{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,8]}}',
    "tensor 'a' of shape [9007199254740991,9007199254740991] needs " +
    "3.2451855365842665e+32 bytes and has 8; download it again",
  ],
  [
    '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}',
    "tensor 'a' of shape [3] needs 12 bytes and has 8; download it again",
  ],
  [
    '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}',
    "tensor 'a' ends at byte 16 of the data, which has 8; download it again",
  ],
  [
    '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    "tensor 'a' starts at byte 4 of the data, not at 0; download it again",
  ],
  [
    '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
    '"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    "tensor 'b' starts at byte 4 of the data, not at 8; download it again",
  ],
  [
    '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
    '"\\u0061":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
    "'a' stands twice in its header; download it again",
  ],
  [
    '{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}',
    "tensor 'a' is stored as F8_E4M3, and only F32, F16, BF16, F64, I64, I32, I16, I8, U8, " +
    "BOOL are read",
  ],
  [
    '{"__metadata__":{"a":1}}',
    "the '__metadata__' of its header is not a map of texts; download it again",
  ],
];

for (const [header, state] of WRONG) {
  Deno.test(`safetensors with the header ${header} are refused`, async () => {
    const file = concatenated([safetensorsHead(header), new Uint8Array(8)]);
    await assert.rejects(openBytes(file), {
      name: "SpeechmillError",
      message: `Cannot read checkpoint 'x.pt': ${state}`,
    });
  });
}

Deno.test("safetensors with an absurd length of the header are refused unread", async () => {
  const file = safetensorsFile(new Map([["a", tensor()]]));
  new DataView(file.buffer).setBigUint64(0, 2n ** 63n, true);
  await assert.rejects(openBytes(file), /its header claims 9223372036854775808 bytes/);
});

Deno.test("safetensors without tensors are refused", async () => {
  await assert.rejects(openBytes(safetensorsFile(new Map())), /it holds no tensors$/);
});

Deno.test("of safetensors of 5 GiB only the header and the tensor wanted are read", async () => {
  const path = await Deno.makeTempFile();
  try {
    const hole = 5 * 2 ** 30;
    const header = `{"hole":{"dtype":"F64","shape":[${hole / 8}],"data_offsets":[0,${hole}]},` +
      `"last":{"dtype":"F32","shape":[2],"data_offsets":[${hole},${hole + 8}]}}`;
    const head = safetensorsHead(header);
    await Deno.writeFile(path, head);
    await writeAt(path, head.length + hole, bytesOf([1.5, -2]));
    const file = openFileSource(path);
    let bytesRead = 0;
    const counting: ByteSource = {
      size: file.size,
      read(offset, length) {
        bytesRead += length;
        return file.read(offset, length);
      },
    };
    using checkpoint = await readCheckpoint(counting, path, file);
    assert.deepEqual([...await checkpoint.readFloat32("last")], [1.5, -2]);
    assert.ok(bytesRead < 1000, `${bytesRead} bytes were read`);
  } finally {
    await Deno.remove(path);
  }
});

async function writeAt(path: string, position: number, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.truncate(position + bytes.length);
  await file.seek(position, Deno.SeekMode.Start);
  await file.write(bytes);
}

import assert from "node:assert/strict";
import { openFileSource } from "../../lib/checkpoints/byte_source.ts";
import { openCheckpoint, readCheckpoint } from "../../lib/checkpoints/open.ts";
import { safetensorsFile } from "../support/safetensors_writer.ts";
import {
  checkpointBytes,
  checkpointFile,
  memorySource,
  NOTHING_OPEN,
  openBytes,
  readAll,
  valuesOrRefused,
} from "./support.ts";

const SAFETENSORS = safetensorsFile(
  new Map([["a", { dtype: "F32", shape: [2], bytes: new Uint8Array(8) }]]),
);

const CUT = [
  ["a zip file", await checkpointBytes("state.pt")],
  ["a legacy file", await checkpointBytes("state_legacy.pt")],
  ["a safetensors file", SAFETENSORS],
] as const;

for (const [kind, bytes] of CUT) {
  Deno.test(`openCheckpoint() refuses ${kind} cut at any byte`, async () => {
    assert.notEqual(await valuesOrRefused(bytes), null);
    for (let length = 0; length < bytes.length; length++) {
      await assert.rejects(openBytes(bytes.slice(0, length)), {
        name: "SpeechmillError",
        message: /^Cannot read checkpoint 'x\.pt': .*download it again$/,
      }, `${length} bytes`);
    }
  });

  Deno.test(`openCheckpoint() refuses ${kind} that something follows`, async () => {
    for (const more of [[0], [1, 2, 3], Array.from({ length: 600 }, () => 0)]) {
      assert.equal(await valuesOrRefused(new Uint8Array([...bytes, ...more])), null);
    }
  });
}

Deno.test("no changed byte of a zip file gives a wrong value", async () => {
  const bytes = await checkpointBytes("linear.pt");
  using checkpoint = await openBytes(bytes);
  const expected = await readAll(checkpoint);
  let refused = 0;
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    const values = await valuesOrRefused(changed);
    if (values === null) refused++;
    else assert.deepEqual(values, expected, `byte ${at}`);
  }
  // The rest is padding, and fields such as times that say nothing about the content.
  assert.ok(refused > bytes.length / 2, `${refused} of ${bytes.length} are refused`);
});

Deno.test("readFloat32() names the tensor and the member whose bytes were changed", async () => {
  const bytes = await checkpointBytes("linear.pt");
  const weights = new Uint8Array(Float32Array.of(-0.005293981).buffer);
  const at = bytes.findIndex((_, start) => weights.every((byte, k) => bytes[start + k] === byte));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  using checkpoint = await openBytes(bytes);
  await assert.rejects(checkpoint.readFloat32("weight"), {
    name: "SpeechmillError",
    message: "Cannot read tensor 'weight' of checkpoint 'x.pt': " +
      "the checksum of zip member 'linear/data/0' is wrong; download it again",
  });
  assert.equal((await checkpoint.readFloat32("bias")).length, 2);
});

Deno.test("readFloat32() checks all of a storage that it reads a part of", async () => {
  const bytes = await checkpointBytes("state.pt");
  const unread = new Uint8Array(Float32Array.of(23).buffer);
  const at = bytes.findIndex((_, start) => unread.every((byte, k) => bytes[start + k] === byte));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  using checkpoint = await openBytes(bytes);
  await assert.rejects(checkpoint.readFloat32("expanded"), /the checksum of zip member/);
});

Deno.test("readFloat32() passes on what the disk says, with the names", async () => {
  const source = memorySource(await checkpointBytes("linear.pt"));
  let fails = false;
  const failing = {
    size: source.size,
    read(offset: number, length: number) {
      if (fails) throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
      return source.read(offset, length);
    },
  };
  using checkpoint = await readCheckpoint(failing, "x.pt", NOTHING_OPEN);
  fails = true;
  await assert.rejects(checkpoint.readFloat32("bias"), {
    name: "SpeechmillError",
    message: "Cannot read tensor 'bias' of checkpoint 'x.pt': EIO: i/o error, read",
  });
});

Deno.test("readFloat32() tells of a file that became shorter since it was opened", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.copyFile(checkpointFile("linear.pt"), path);
    using checkpoint = await openCheckpoint(path);
    await Deno.truncate(path, 300);
    await assert.rejects(checkpoint.readFloat32("bias"), /it became shorter while it was read/);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("openCheckpoint() closes a file that it refuses", async () => {
  const file = openFileSource(checkpointFile("eval.pt"));
  await assert.rejects(readCheckpoint(file, "eval.pt", file), /builtins\.eval/);
  await assert.rejects(file.read(0, 1), { code: "EBADF" });
});

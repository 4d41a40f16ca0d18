import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { openCheckpoint } from "../../lib/checkpoints/open.ts";
import { dict, pickle, type PickledPart, tensor, text } from "../support/pickle_writer.ts";
import { type Piece, type WrittenMember, zipFile, zipPieces } from "../support/zip_writer.ts";
import { openBytes, readAll } from "./support.ts";

const STORAGE = { type: "FloatStorage", key: "0", elements: 4 };
const VALUES = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

/** The members of a checkpoint with one tensor, `a`. */
function members(view: PickledPart = tensor(STORAGE, 0, [2, 2], [2, 1])): WrittenMember[] {
  return [
    { name: "x/data.pkl", content: pickle(dict([[text("a"), view]])) },
    { name: "x/data/0", content: VALUES },
  ];
}

for (const is64 of [false, true]) {
  Deno.test(`a zip file with ${is64 ? 64 : 32}-bit sizes is read`, async () => {
    using checkpoint = await openBytes(zipFile(members(), is64));
    assert.deepEqual(await readAll(checkpoint), new Map([["a", [1, 2, 3, 4]]]));
  });

  Deno.test(`a zip file with ${is64 ? 64 : 32}-bit sizes is refused cut at any byte`, async () => {
    const bytes = zipFile(members(), is64);
    for (let length = 0; length < bytes.length; length++) {
      await assert.rejects(openBytes(bytes.slice(0, length)), { name: "SpeechmillError" });
    }
  });
}

/** Views into a storage of four elements, and why they are refused. */
const OUTSIDE: readonly (readonly [PickledPart, string])[] = [
  [
    tensor(STORAGE, 1, [4], [1]),
    "tensor 'a' reaches to element 5 of a storage of 4; download it again",
  ],
  [
    tensor(STORAGE, 0, [2, 2], [3, 1]),
    "tensor 'a' reaches to element 5 of a storage of 4; download it again",
  ],
  [
    tensor(STORAGE, 2 ** 52, [1], [1]),
    `tensor 'a' reaches to element ${2 ** 52 + 1} of a storage of 4; download it again`,
  ],
  [tensor(STORAGE, 0, [2, 2], [1]), "tensor 'a' has 2 dimensions and 1 strides; download it again"],
  [
    tensor(STORAGE, 0, [2 ** 40], [0]),
    `tensor 'a' has ${2 ** 40} elements, and at most ${2 ** 30} are read`,
  ],
  [
    tensor({ ...STORAGE, elements: 5 }, 0, [4], [1]),
    "the storage 'x/data/0' has 16 bytes, and 20 are expected; download it again",
  ],
  [
    tensor({ ...STORAGE, key: "7" }, 0, [4], [1]),
    "it lacks the storage 'x/data/7'; download it again",
  ],
];

for (const [view, state] of OUTSIDE) {
  Deno.test(`a torch file is refused where ${state}`, async () => {
    await assert.rejects(openBytes(zipFile(members(view))), {
      message: `Cannot read checkpoint 'x.pt': ${state}`,
    });
  });
}

/** Further members, and why they are refused. */
const REFUSED: readonly (readonly [WrittenMember[], RegExp])[] = [
  [[{ name: "x/data/0", content: VALUES }], /it holds two zip members 'x\/data\/0'/],
  [[{ name: "x/data/1", content: VALUES, method: 8 }], /'x\/data\/1' is compressed, which torch/],
  [
    [{ name: "x/data.pkl2", content: VALUES, claimedOffset: 10 }],
    /zip member 'x\/data\.pkl2' overlaps the one before it/,
  ],
  [[{ name: "y/data.pkl", content: VALUES }], /a zip file with more than one 'data\.pkl'/],
  [[{ name: "x/constants.pkl", content: VALUES }], /a TorchScript program, which is never run/],
  [[{ name: "x/byteorder", content: new TextEncoder().encode("big") }], /'big'-endian/],
];

for (const [more, message] of REFUSED) {
  Deno.test(`a torch file is refused where ${message.source}`, async () => {
    await assert.rejects(openBytes(zipFile([...members(), ...more])), message);
  });
}

Deno.test("a zip file without a pickle is refused", async () => {
  const file = zipFile([{ name: "a.txt", content: VALUES }]);
  await assert.rejects(openBytes(file), /a zip file with no 'data\.pkl', not one of torch\.save$/);
});

Deno.test("a tensor that lies beyond 4 GiB of a zip file is read", async () => {
  const path = await Deno.makeTempFile();
  try {
    const hole = 4.5 * 2 ** 30;
    const view = tensor({ ...STORAGE, key: "1" }, 0, [4], [1]);
    const unread = tensor({ type: "DoubleStorage", key: "0", elements: hole / 8 }, 5, [1], [1]);
    const state = dict([[text("hole"), unread], [text("a"), view]]);
    await writePieces(
      path,
      zipPieces([
        { name: "x/data.pkl", content: pickle(state) },
        { name: "x/data/0", content: hole },
        { name: "x/data/1", content: VALUES, crc: crc32(VALUES) },
      ], true),
    );
    using checkpoint = await openCheckpoint(path);
    assert.deepEqual([...await checkpoint.readFloat32("a")], [1, 2, 3, 4]);
  } finally {
    await Deno.remove(path);
  }
});

async function writePieces(path: string, pieces: readonly Piece[]): Promise<void> {
  using file = await Deno.open(path, { write: true });
  for (const { at, bytes } of pieces) {
    await file.seek(at, Deno.SeekMode.Start);
    await file.write(bytes);
  }
}

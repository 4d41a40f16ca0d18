/** The cache is keyed by the version of the converter: other bytes need another version. */
import assert from "node:assert/strict";
import { convertCodec, CONVERTER } from "../../../models/convert/convert.ts";
import { codecDigests } from "../../../models/registry.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/** A narrow checkpoint of each family, and the digest of what version 1 makes of it. */
const DIGESTS: readonly (readonly [checkpoint: string, digest: string])[] = [
  ["snac/narrow", "cd2c5f952f4e06a5483b02baea6bc5caa7d1789e507c151b4fb7c8c60c4ac3f5"],
  ["nemo/narrow_nano.nemo", "2808d0e287e6f1798743d2cec8aea35a602254b664061f35d9f6d55dc14f4be9"],
  ["encodec/transformers", "cd6fc0ef6226f7ba4483f079471b1ba952a3065532ba421fe6ffe59556afb169"],
  ["dac/transformers", "f959007964822900f395ae6a032ab6194b5b187126315059101cf2e39ad09281"],
  ["mimi/transformers_narrow", "ba6bb43f221e96ba1aa9b6ac624bd3a35bca7204ee5c26a1998c6ee5346d3cf6"],
];

for (const [checkpoint, expected] of DIGESTS) {
  Deno.test(`converting ${checkpoint} gives the bytes of version ${CONVERTER}`, async () => {
    using folder = new TemporaryFolder();
    const output = folder.file("codec");
    await convertCodec(`tests/data/checkpoints/${checkpoint}`, { output });
    const { digest } = await codecDigests(output);
    assert.equal(digest, expected, "raise CONVERTER in models/convert/convert.ts with new digests");
  });
}

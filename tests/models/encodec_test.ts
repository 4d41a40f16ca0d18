import assert from "node:assert/strict";
import { ENCODEC } from "../../models/encodec/mod.ts";
import { ConvertedTestCodec } from "../support/converted.ts";
import { checkEncoding, decodingDifference, goldenModel, readGolden } from "../support/golden.ts";

for (const name of ["narrow", "narrow_original"]) {
  Deno.test(`EnCodec '${name}' gives the reference's codes and sound`, async () => {
    const golden = await readGolden(`encodec/${name}`);
    const model = goldenModel(name, golden);
    for (const codebooks of [1, 3]) {
      await using converted = await ConvertedTestCodec.of(ENCODEC, model, { codebooks });
      for (const test of golden.encode.filter((test) => test.codebooks === codebooks)) {
        await checkEncoding(converted.codec, test);
      }
      for (const test of golden.decode.filter((test) => test.codes.length === codebooks)) {
        const difference = await decodingDifference(converted.codec, test);
        assert.ok(difference < 1e-4, `${test.samples} samples: ${difference}`);
      }
    }
  });
}

Deno.test("EnCodec 24 kHz gives the reference's codes and sound", async () => {
  const golden = await readGolden("encodec/encodec_24khz");
  const model = goldenModel("facebook/encodec_24khz", golden);
  await using converted = await ConvertedTestCodec.of(ENCODEC, model);
  for (const test of golden.encode.filter(({ codebooks }) => codebooks === 8)) {
    await checkEncoding(converted.codec, test);
  }
  for (const test of golden.decode.filter(({ codes }) => codes.length === 8)) {
    const difference = await decodingDifference(converted.codec, test);
    assert.ok(difference < 1e-4, `${test.samples} samples: ${difference}`);
  }
});

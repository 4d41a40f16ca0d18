/** Codecs in half precision: not the reference's tokens to the last one, but nearly. */
import assert from "node:assert/strict";
import { convertCodec } from "../../../models/convert/convert.ts";
import { loadCodec } from "../../../models/registry.ts";
import { seededAudio } from "../../support/seeded.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/** A narrow checkpoint of each family but Vocos, whose encoder is that of EnCodec. */
const CHECKPOINTS = [
  "snac/narrow",
  "nemo/narrow_nano.nemo",
  "encodec/transformers",
  "dac/original",
  "mimi/transformers_narrow",
];

for (const name of CHECKPOINTS) {
  Deno.test(`${name} in float16 gives nearly the tokens and the sound of float32`, async () => {
    using folder = new TemporaryFolder();
    const checkpoint = `tests/data/checkpoints/${name}`;
    const [whole, half] = [folder.file("float32"), folder.file("float16")];
    await convertCodec(checkpoint, { output: whole });
    await convertCodec(checkpoint, { output: half, precision: "float16" });
    await using exact = await loadCodec(whole);
    await using other = await loadCodec(half);
    const clip = seededAudio(2, 20_000);
    const codes = await exact.encode(clip);
    const rounded = await other.encode(clip);
    const pairs = codes.flatMap((row, layer) =>
      row.map((code, frame) => code === rounded[layer]?.[frame])
    );
    const same = pairs.filter(Boolean).length / pairs.length;
    assert.ok(same > 0.9, `${same} of the codes are the same`);
    const [one, two] = [await exact.decode(codes), await other.decode(codes)];
    const difference = one.reduce(
      (largest, sample, i) => Math.max(largest, Math.abs(sample - (two[i] ?? NaN))),
      0,
    );
    assert.ok(difference > 0 && difference < 0.05, `sound differs by ${difference}`);
  });
}

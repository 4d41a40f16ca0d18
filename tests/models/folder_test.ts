import assert from "node:assert/strict";
import { convEncoder } from "../../bench/graphs/conv_encoder.ts";
import { writeHeavyCodec } from "../../bench/graphs/heavy_codec.ts";
import { isFolderReference } from "../../models/folder.ts";
import { codecDigests, codecSpec, loadCodec } from "../../models/registry.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

const SMALL = { channels: 8, blocks: 1, codebookSize: 16 };

Deno.test("loadCodec() opens a folder with a codec of one's own", async () => {
  using folder = new TemporaryFolder();
  await writeHeavyCodec(folder.path, SMALL);
  await using codec = await loadCodec(folder.path);
  assert.equal(codec.spec.id, "seeded-convolutions");
  const codes = await codec.encode(new Float32Array(700).fill(0.1));
  assert.deepEqual(codes.map(({ length }) => length), [3, 3, 3, 3]);
  await assert.rejects(codec.decode(codes), {
    message: "Cannot decode with 'seeded-convolutions': it has no decoder",
  });
});

Deno.test("loadCodec() decodes with a folder's decoder, and opens it only then", async () => {
  using folder = new TemporaryFolder();
  const bundled = new URL("../../models/bundled/", import.meta.url);
  Deno.copyFileSync(new URL("encoder.onnx", bundled), folder.file("encoder.onnx"));
  Deno.writeTextFileSync(folder.file("decoder.onnx"), "damaged");
  Deno.writeTextFileSync(
    folder.file("codec.json"),
    JSON.stringify({ ...codecSpec("bundled"), id: "mine" }),
  );
  await using codec = await loadCodec(folder.path);
  const codes = await codec.encode(new Float32Array(640).fill(0.1));
  await assert.rejects(codec.decode(codes), /decoder.onnx' on cpu: .*[Pp]rotobuf parsing failed/);
  Deno.copyFileSync(new URL("decoder.onnx", bundled), folder.file("decoder.onnx"));
  assert.equal((await codec.decode(codes)).length, 640);
});

Deno.test("codecDigests() of a folder changes with each of its files and nothing else", async () => {
  using folder = new TemporaryFolder();
  await writeHeavyCodec(folder.path, SMALL);
  const digests = new Set([(await codecDigests(folder.path)).digest]);
  Deno.writeTextFileSync(folder.file("notes.txt"), "not a part of the model");
  digests.add((await codecDigests(folder.path)).digest);
  assert.equal(digests.size, 1);
  Deno.writeTextFileSync(folder.file("encoder.onnx_data"), "weights kept beside the graph");
  digests.add((await codecDigests(folder.path)).digest);
  Deno.writeFileSync(folder.file("encoder.onnx"), convEncoder({ ...SMALL, seed: 2 }));
  digests.add((await codecDigests(folder.path)).digest);
  Deno.writeTextFileSync(
    folder.file("codec.json"),
    Deno.readTextFileSync(folder.file("codec.json")).replace("Random", "Seeded random"),
  );
  digests.add((await codecDigests(folder.path)).digest);
  assert.equal(digests.size, 4);
});

Deno.test("codecSpec() says what is wrong with a codec.json", async () => {
  using folder = new TemporaryFolder();
  assert.throws(() => codecSpec(folder.path), {
    name: "UsageError",
    message: `Cannot read the codec '${folder.file("codec.json")}': there is no such file`,
  });
  await writeHeavyCodec(folder.path, SMALL);
  const good: Record<string, unknown> = JSON.parse(
    Deno.readTextFileSync(folder.file("codec.json")),
  );
  for (
    const [changes, message] of [
      [
        { hopLengths: [320, 160] },
        /hopLengths: layers of several hop lengths need a list of names as layout.codes$/,
      ],
      [{ paddingUnit: 330 }, /paddingUnit: 330 is no multiple of the hop length 320/],
      [{ context: 100 }, /context: 100 is no multiple of the padding unit 320$/],
      [
        { paddingUnit: 1, hopLengths: [3, 2], layout: { codes: ["a", "b"] } },
        /hopLengths: with a padding unit of 1, 2 must divide 3/,
      ],
      [
        { layout: { decoderContext: 1000 } },
        /layout\.decoderContext: 1000 is no multiple of the hop length 320$/,
      ],
      [
        { layout: { analysis: { hop: 160, context: 240 } } },
        /layout\.analysis\.context: 240 is no multiple of its hop, 160$/,
      ],
      [{ name: "My Codec" }, /name: a column prefix is lower-case/],
      [{ sampleRate: "16k" }, /sampleRate: /],
      [{ hops: 1 }, /Unrecognized key: "hops"/],
      [{ id: undefined }, /id: /],
    ] as const
  ) {
    Deno.writeTextFileSync(folder.file("codec.json"), JSON.stringify({ ...good, ...changes }));
    assert.throws(() => codecSpec(folder.path), { name: "UsageError", message });
  }
  Deno.writeTextFileSync(folder.file("codec.json"), "{");
  assert.throws(() => codecSpec(folder.path), /it is no JSON: /);
});

Deno.test("codecSpec() throws for a folder without an encoder", async () => {
  using folder = new TemporaryFolder();
  await writeHeavyCodec(folder.path, SMALL);
  Deno.removeSync(folder.file("encoder.onnx"));
  assert.throws(() => codecSpec(folder.path), /there is no 'encoder.onnx' beside 'codec.json'$/);
});

Deno.test("isFolderReference() tells paths from ids", () => {
  for (const path of ["./a", "../a", ".", "..", "/a", "C:\\a", ".\\a"]) {
    assert.equal(isFolderReference(path), true, path);
  }
  for (const id of ["bundled", "hubertsiuzdak/snac_24khz", ".hidden", "a/b/c"]) {
    assert.equal(isFolderReference(id), false, id);
  }
});

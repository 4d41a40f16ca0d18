import assert from "node:assert/strict";
import { BundledFamily } from "../../models/bundled.ts";
import { sha256 } from "../../models/digest.ts";
import { loadCodec } from "../../models/registry.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

const FOLDER = new URL("../../models/bundled/", import.meta.url);

/** A tone with an overtone, so that neighbouring frames differ. */
function tone(samples: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: samples },
    (_, n) => 0.3 * Math.sin(n * 0.07) + 0.1 * Math.sin(n * 0.311 + n * n * 1e-6),
  );
}

Deno.test("the bundled codec gives four layers of ceil(samples / 320) codes", async () => {
  await using codec = await loadCodec("bundled");
  for (const [samples, frames] of [[1, 1], [319, 1], [320, 1], [321, 2], [16_001, 51]] as const) {
    const codes = await codec.encode(tone(samples));
    assert.deepEqual(codes.map(({ length }) => length), [frames, frames, frames, frames]);
    assert.ok(codes.flat().every((code) => Number.isInteger(code) && code >= 0 && code < 1024));
  }
});

Deno.test("the bundled codec encodes a padded clip as it encodes the padded samples", async () => {
  await using codec = await loadCodec("bundled");
  const padded = new Float32Array(9600);
  padded.set(tone(9500));
  assert.deepEqual(await codec.encodeBatch([padded]), [await codec.encode(tone(9500))]);
  assert.deepEqual(await codec.encodeBatch([]), []);
});

Deno.test("the bundled codec gives back sound of the length asked for", async () => {
  await using codec = await loadCodec("bundled");
  const clip = tone(8100);
  const codes = await codec.encode(clip);
  const whole = await codec.decode(codes);
  assert.equal(whole.length, 26 * 320);
  assert.deepEqual(await codec.decode(codes, 8100), whole.slice(0, 8100));
  assert.ok(whole.every((sample) => Math.abs(sample) <= 1));
  assert.ok(levelOf(whole) > 0.1 * levelOf(clip));
});

function levelOf(pcm: Float32Array): number {
  return pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length;
}

Deno.test("the bundled codec throws for clips and codes that it cannot take", async () => {
  await using codec = await loadCodec("bundled");
  await assert.rejects(codec.encode(new Float32Array(0)), {
    message: "Cannot encode: the clip has no samples",
  });
  await assert.rejects(codec.encode(Float32Array.of(0, 0, NaN)), {
    message: "Cannot encode: sample 2 is NaN",
  });
  await assert.rejects(codec.encode(Float32Array.of(-Infinity)), /sample 0 is -Infinity$/);
  await assert.rejects(codec.encodeBatch([new Float32Array(321)]), /multiples of 320/);
  await assert.rejects(codec.decode([[1], [2]]), /'bundled' has 4$/);
  await assert.rejects(codec.decode([[1], [2], [3], [4]], 321), {
    name: "RangeError",
    message: "Cannot cut the decoded clip to 321 samples: it has 320",
  });
});

Deno.test("a codec that was closed says so", async () => {
  const codec = await loadCodec("bundled");
  await codec.encode(tone(320));
  await codec[Symbol.asyncDispose]();
  await assert.rejects(codec.encode(tone(320)), {
    message: "Cannot run the encoder of 'bundled': it is closed",
  });
  await codec[Symbol.asyncDispose]();
});

Deno.test("the bundled codec's digest is that of its list of checksums", async () => {
  const list = await Deno.readFile(new URL("SHA256SUMS", FOLDER));
  await using codec = await loadCodec("bundled");
  assert.equal(codec.digest, sha256(list));
});

Deno.test("the bundled codec fetches only the graph it needs when the code lies on a server", async () => {
  using cache = new TemporaryFolder();
  const fetched: string[] = [];
  const family = new BundledFamily({
    folder: new URL("https://code.example/models/bundled/"),
    environment: (name) => name === "HOME" ? cache.path : undefined,
    fetch: async (url) => {
      fetched.push(url.href);
      return new Response(
        await Deno.readFile(new URL(url.pathname.split("/").at(-1) ?? "", FOLDER)),
      );
    },
  });
  await using remote = await family.open({});
  await using local = await loadCodec("bundled");
  assert.deepEqual(await remote.encode(tone(1000)), await local.encode(tone(1000)));
  assert.deepEqual(fetched, ["https://code.example/models/bundled/encoder.onnx"]);
  await family.prefetch();
  assert.deepEqual(fetched.slice(1), ["https://code.example/models/bundled/decoder.onnx"]);
});

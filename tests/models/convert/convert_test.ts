import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { removeAbandoned } from "../../../models/convert/codec_cache.ts";
import { convertCodec, type ConvertOptions } from "../../../models/convert/convert.ts";
import { resolveCodec } from "../../../models/resolve.ts";
import { codecSpec, loadCodec } from "../../../models/registry.ts";
import { FaultyFileSystem } from "../../support/faulty_fs.ts";
import { checkEncoding, readGolden } from "../../support/golden.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

const NARROW = "tests/data/checkpoints/encodec/transformers";

/** A cache of its own for one test. */
class Cache extends TemporaryFolder {
  readonly options: ConvertOptions = {
    codebooks: 3,
    hub: { environment: (name) => name === "SPEECHMILL_CACHE" ? this.path : undefined },
  };

  /** What lies in it, temporary folders included. */
  names(): string[] {
    try {
      return [...Deno.readDirSync(this.file("codecs"))].map(({ name }) => name);
    } catch {
      return [];
    }
  }
}

Deno.test("convertCodec() converts once, then finds the codec in the cache", async () => {
  using cache = new Cache();
  const progress: string[] = [];
  const onProgress: ConvertOptions["onProgress"] = ({ type, bytes, total }) =>
    progress.push(`${type} ${bytes === total ? "all" : "part"}`);
  const first = await convertCodec(NARROW, { ...cache.options, onProgress });
  assert.equal(first.cached, false);
  assert.equal(progress[0], "writing part");
  assert.equal(progress.at(-1), "writing all");
  const second = await convertCodec(NARROW, cache.options);
  assert.deepEqual(second, { folder: first.folder, cached: true, commit: null });
  await using codec = await loadCodec(first.folder);
  const golden = await readGolden("encodec/narrow");
  for (const test of golden.encode.filter(({ codebooks }) => codebooks === 3)) {
    await checkEncoding(codec, test);
  }
});

Deno.test("another setting is another codec; a default spelt out is the same", async () => {
  using cache = new Cache();
  const { folder } = await convertCodec(NARROW, cache.options);
  const others = await Promise.all([
    convertCodec(NARROW, { ...cache.options, codebooks: 2 }),
    convertCodec(NARROW, { ...cache.options, precision: "float16" }),
    convertCodec(NARROW, { ...cache.options, precision: "float32", chunked: false }),
  ]);
  assert.equal(codecSpec(others[0].folder).hopLengths.length, 2);
  assert.equal(new Set([folder, ...others.map((other) => other.folder)]).size, 3);
  assert.equal(others[2].folder, folder);
});

Deno.test("what is converted depends on the bytes of the checkpoint, not on where it lies", async () => {
  using cache = new Cache();
  using copy = new TemporaryFolder();
  for (const name of ["config.json", "model.safetensors"]) {
    Deno.copyFileSync(join(NARROW, name), copy.file(name));
  }
  const before = await convertCodec(copy.path, cache.options);
  const bytes = Deno.readFileSync(copy.file("model.safetensors"));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  Deno.writeFileSync(copy.file("model.safetensors"), bytes);
  const after = await convertCodec(copy.path, cache.options);
  assert.equal(after.cached, false);
  assert.notEqual(after.folder, before.folder);
});

Deno.test("many conversions of one codec at once give one folder, whole", async () => {
  using cache = new Cache();
  const all = await Promise.all(
    Array.from({ length: 4 }, () => convertCodec(NARROW, cache.options)),
  );
  assert.equal(new Set(all.map(({ folder }) => folder)).size, 1);
  assert.equal(cache.names().length, 1);
  await using codec = await loadCodec(all[0]?.folder ?? "");
  assert.equal((await codec.encode(new Float32Array(100))).length, 3);
});

Deno.test("a disk that fails at any operation leaves no part of a codec, and a message", async () => {
  using cache = new Cache();
  const error = new Error("No space left on device (os error 28)");
  let failures = 0;
  // The first operations one by one, then a few of the many weights.
  for (let at = 1;; at += at < 12 ? 1 : 29) {
    const fs = new FaultyFileSystem(at, { kind: "error", error });
    try {
      await convertCodec(NARROW, { ...cache.options, fs });
      break;
    } catch (thrown) {
      failures++;
      assert.ok(thrown instanceof Error);
      assert.match(
        thrown.message,
        /^Cannot convert '.*transformers' into '.*': .*No space left on device .*; make room there, or set SPEECHMILL_CACHE to a folder on another disk$/,
      );
      assert.deepEqual(cache.names(), []);
    }
  }
  assert.ok(failures > 12);
  assert.equal(cache.names().length, 1);
});

Deno.test("a process that is killed while it converts leaves nothing under the final name", async () => {
  using cache = new Cache();
  for (const at of [2, 3, 7, 20]) {
    const fs = new FaultyFileSystem(at, { kind: "torn" });
    await assert.rejects(convertCodec(NARROW, { ...cache.options, fs }));
    const whole = cache.names().filter((name) => !name.endsWith(".tmp"));
    assert.deepEqual(whole, []);
  }
});

Deno.test("what killed conversions left is removed a day later, and nothing else", async () => {
  using cache = new Cache();
  const { folder } = await convertCodec(NARROW, cache.options);
  const [old, young] = [`${folder}.1.tmp`, `${folder}.2.tmp`];
  for (const path of [old, young]) Deno.mkdirSync(join(path, "inner"), { recursive: true });
  const tomorrow = Date.now() + 24.5 * 3600 * 1000;
  Deno.utimeSync(young, tomorrow / 1000, tomorrow / 1000);
  await removeAbandoned(cache.file("codecs"), tomorrow);
  assert.deepEqual(cache.names().sort(), [basename(folder), basename(young)].sort());
});

Deno.test("a conversion that another process ends meanwhile is none to remove", async () => {
  using cache = new Cache();
  Deno.mkdirSync(cache.file("codecs"));
  const entry = { name: "gone.tmp", isDirectory: true, isFile: false, isSymlink: false };
  await removeAbandoned(cache.file("codecs"), Date.now(), () => [entry].values());
});

Deno.test("a checkpoint that is cut short is refused, and nothing is cached", async () => {
  using cache = new Cache();
  using copy = new TemporaryFolder();
  Deno.copyFileSync(join(NARROW, "config.json"), copy.file("config.json"));
  const bytes = Deno.readFileSync(join(NARROW, "model.safetensors"));
  Deno.writeFileSync(copy.file("model.safetensors"), bytes.subarray(0, bytes.length - 1));
  await assert.rejects(convertCodec(copy.path, cache.options), /model\.safetensors/);
  assert.deepEqual(cache.names(), []);
});

Deno.test("convertCodec() writes into a new folder, and into no other", async () => {
  using folder = new TemporaryFolder();
  const output = folder.file("codec");
  assert.equal((await convertCodec(NARROW, { codebooks: 1, output })).folder, output);
  assert.deepEqual([...Deno.readDirSync(output)].map(({ name }) => name).sort(), [
    "analysis.onnx",
    "analysis.onnx_data",
    "codec.json",
    ...["decoder.onnx", "decoder.onnx_data", "encoder.onnx", "encoder.onnx_data"],
    "synthesis.onnx",
    "synthesis.onnx_data",
  ]);
  // Before the model is looked for, which may take a download.
  await assert.rejects(convertCodec("./gone", { output }), {
    name: "UsageError",
    message: `Cannot convert into '${output}': it exists already; name a new folder`,
  });
});

Deno.test("codec.json says what a codec was made of", async () => {
  using cache = new Cache();
  const { folder } = await convertCodec(NARROW, cache.options);
  const { source } = JSON.parse(Deno.readTextFileSync(join(folder, "codec.json")));
  assert.equal(source.converter, 1);
  assert.deepEqual(source.settings, { codebooks: 3 });
  assert.deepEqual(Object.keys(source.files).sort(), ["config.json", "model.safetensors"]);
});

Deno.test("convertCodec() asks for the config where weights alone are named", async () => {
  await assert.rejects(convertCodec(join(NARROW, "model.safetensors")), {
    name: "UsageError",
    message: /do not tell which codec it is; name a folder that holds the config, too/,
  });
  await assert.rejects(convertCodec("tests/data/checkpoints/snac/narrow/pytorch_model.bin"), {
    name: "UsageError",
    message: /pytorch_model\.bin' holds no config; name a folder that holds the one, too/,
  });
});

Deno.test("convertCodec() says what it cannot convert", async () => {
  using folder = new TemporaryFolder();
  const cases: [string, RegExp][] = [
    [folder.file("gone"), /^Cannot open the model '.*gone': there is no such folder or file$/],
    [folder.path, /it holds no file; a codec's model is a \.safetensors/],
  ];
  for (const [reference, message] of cases) {
    await assert.rejects(convertCodec(reference), { name: "UsageError", message });
  }
  Deno.copyFileSync(join(NARROW, "model.safetensors"), folder.file("a.safetensors"));
  Deno.copyFileSync(join(NARROW, "model.safetensors"), folder.file("b.safetensors"));
  await assert.rejects(
    convertCodec(folder.path),
    /a\.safetensors and b\.safetensors; name the file/,
  );
  Deno.removeSync(folder.file("b.safetensors"));
  Deno.writeTextFileSync(folder.file("config.json"), '{"model_type": "bert"}');
  await assert.rejects(
    convertCodec(folder.path),
    /neither its config nor its tensors \('.*\) are those of a known codec; the known families are SNAC, /,
  );
  Deno.writeTextFileSync(folder.file("config.json"), "[1]");
  await assert.rejects(convertCodec(folder.path), /config\.json': it is no map of fields$/);
});

Deno.test("resolveCodec() leaves what is ready as it is, and refuses settings for it", async () => {
  using folder = new TemporaryFolder();
  const output = folder.file("codec");
  await convertCodec(NARROW, { codebooks: 1, output });
  assert.deepEqual(await resolveCodec(output), { reference: output, commit: null });
  assert.deepEqual(await resolveCodec("bundled"), { reference: "bundled", commit: null });
  await assert.rejects(resolveCodec(output, { bandwidth: 6 }), {
    name: "UsageError",
    message: /with bandwidth: it is ready as it is/,
  });
  await assert.rejects(resolveCodec("mimi"), /Cannot find codec 'mimi'/);
});

Deno.test("resolveCodec() converts what lies in a folder of authors' files", async () => {
  using cache = new Cache();
  const { reference: folder } = await resolveCodec(`./${NARROW}`, cache.options);
  assert.equal(codecSpec(folder).id, "transformers");
});

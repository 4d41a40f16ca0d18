import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openNemo, readNemo } from "../../lib/checkpoints/nemo.ts";
import { openTar } from "../../lib/checkpoints/tar.ts";
import { SpeechmillError } from "../../lib/errors.ts";
import { TemporaryFolder } from "../models/temporary_folder.ts";
import { checkpointBytes, checkpointFile, memorySource, NOTHING_OPEN, readAll } from "./support.ts";

const EXPECTED = new Map([
  ["weight", [-0.005293981, 0.379322886, -0.581980765, -0.520387471].map(Math.fround)],
  ["bias", [-0.272345245, 0.189615890].map(Math.fround)],
]);

for (const name of ["plain.nemo", "pax.nemo", "gzip.nemo"]) {
  Deno.test(`openNemo() reads config and weights of ${name}`, async () => {
    const { config, checkpoint } = await openNemo(checkpointFile(name));
    using weights = checkpoint;
    assert.equal(config, "sample_rate: 22050\n");
    assert.equal(weights.path, `${checkpointFile(name)}:model_weights.ckpt`);
    assert.deepEqual(await readAll(weights), EXPECTED);
  });
}

Deno.test("openNemo() leaves nothing behind where it unpacks", async () => {
  using folder = new TemporaryFolder();
  const options = { temporaryFolder: folder.path };
  const { checkpoint } = await openNemo(checkpointFile("gzip.nemo"), options);
  using weights = checkpoint;
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  assert.deepEqual(await readAll(weights), EXPECTED);
  await assert.rejects(
    openNemo(checkpointFile("gzip.nemo"), { ...options, maxUnpackedBytes: 99 }),
    {
      message: `Cannot read NeMo archive '${checkpointFile("gzip.nemo")}': ` +
        "it unpacks to more than 99 bytes",
    },
  );
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});

Deno.test("openNemo() says that it cannot unpack", async () => {
  const options = { temporaryFolder: "/nowhere" };
  await assert.rejects(openNemo(checkpointFile("gzip.nemo"), options), {
    name: "SpeechmillError",
  });
});

Deno.test("openTar() reads long names of GNU tar and of pax", async () => {
  const names = ["model_config.yaml", `artifacts/${"a".repeat(120)}.txt`, "model_weights.ckpt"];
  for (const name of ["plain.nemo", "pax.nemo"]) {
    const members = await openTar(memorySource(await checkpointBytes(name)));
    assert.deepEqual([...members.keys()], names, name);
  }
});

for (const name of ["plain.nemo", "pax.nemo"]) {
  Deno.test(`readNemo() refuses ${name} cut before its end mark`, async () => {
    const bytes = await checkpointBytes(name);
    // What follows the two blocks of zeros that end the archive says nothing.
    const end = bytes.findLastIndex((byte) => byte !== 0);
    const needed = Math.ceil((end + 1) / 512) * 512 + 1024;
    for (let length = 0; length < needed; length++) {
      const source = memorySource(bytes.slice(0, length));
      await assert.rejects(readNemo(source, "x.nemo", NOTHING_OPEN), {
        name: "SpeechmillError",
        message: /^Cannot read NeMo archive 'x\.nemo': .*download it again$/,
      }, `${length} bytes`);
    }
    const whole = memorySource(bytes.slice(0, needed));
    assert.deepEqual(
      await readAll((await readNemo(whole, "x", NOTHING_OPEN)).checkpoint),
      EXPECTED,
    );
  });
}

Deno.test("openNemo() refuses a gzipped archive cut at any byte", async () => {
  using folder = new TemporaryFolder();
  const bytes = await checkpointBytes("gzip.nemo");
  const path = folder.file("x.nemo");
  for (let length = 0; length < bytes.length; length++) {
    Deno.writeFileSync(path, bytes.subarray(0, length));
    await assert.rejects(openNemo(path, { temporaryFolder: folder.path }), {
      name: "SpeechmillError",
      message: /download it again$/,
    }, `${length} bytes`);
  }
});

Deno.test("no changed byte of a .nemo archive but its zeros gives a wrong weight", async () => {
  const bytes = await checkpointBytes("plain.nemo");
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) continue;
    const changed = bytes.slice();
    changed[at] = byte ^ 0x11;
    try {
      const { checkpoint } = await readNemo(memorySource(changed), "x.nemo", NOTHING_OPEN);
      assert.deepEqual(await readAll(checkpoint), EXPECTED, `byte ${at}`);
    } catch (error) {
      assert.ok(error instanceof SpeechmillError, `byte ${at}: ${error}`);
    }
  }
});

Deno.test("readNemo() says what an archive lacks", async () => {
  const bytes = await checkpointBytes("plain.nemo");
  const start = bytes.findIndex((byte, at) =>
    at > 0 && at % 512 === 0 && byte === ".".charCodeAt(0)
  );
  assert.ok(start > 0);
  const weightless = new Uint8Array(start + 1024);
  weightless.set(bytes.subarray(0, start));
  const configless = bytes.slice(start);
  for (
    const [source, state] of [[weightless, "it holds no '*.ckpt'"], [
      configless,
      "it holds no 'model_config.yaml'",
    ]] as const
  ) {
    await assert.rejects(readNemo(memorySource(source), "x.nemo", NOTHING_OPEN), {
      message: `Cannot read NeMo archive 'x.nemo': ${state}`,
    });
  }
});

Deno.test("openNemo() refuses gzip of something else", async () => {
  using folder = new TemporaryFolder();
  const path = join(folder.path, "x.nemo");
  Deno.writeFileSync(path, gzipSync(new Uint8Array(3000).fill(7)));
  await assert.rejects(
    openNemo(path),
    /a header of its tar archive is damaged; download it again$/,
  );
});

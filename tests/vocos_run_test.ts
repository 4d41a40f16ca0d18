/** A run with EnCodec whose tokens Vocos makes sound of. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { RunConflictError } from "../lib/errors.ts";
import type { TemporaryFolder } from "./models/temporary_folder.ts";
import { narrowCheckpoint, NarrowRun, wavsOf } from "./support/narrow_run.ts";

const ENCODEC = "encodec/transformers";

/** Narrow Vocos with a copy of the EnCodec beside it whose codes it decodes. */
function vocosFolder({ path }: TemporaryFolder, name: string): string {
  const folder = join(path, name);
  Deno.mkdirSync(join(folder, "encodec"), { recursive: true });
  const copy = (from: string, file: string, to: string) =>
    Deno.copyFileSync(join(narrowCheckpoint(from), file), join(folder, to, file));
  for (const file of ["config.yaml", "pytorch_model.bin"]) copy("vocos", file, ".");
  for (const file of ["config.json", "model.safetensors"]) copy(ENCODEC, file, "encodec");
  return folder;
}

/** Flips the sign of the first value of a tensor. */
function flipSign(path: string, tensor: string): void {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const [offset] = header[tensor].data_offsets;
  view.setUint8(start + offset + 3, view.getUint8(start + offset + 3) ^ 0x80);
  Deno.writeFileSync(path, bytes);
}

Deno.test("Vocos decodes a run of the EnCodec that it was trained over, and of no other", async () => {
  // Three codebooks by default, in both.
  using run = await NarrowRun.of(ENCODEC);
  const vocos = vocosFolder(run.temporary, "vocos");
  const decoded = await run.decode({ codec: vocos });
  const rows = await run.rows();
  {
    await using codec = await run.open({}, vocos);
    await using encodec = await run.open();
    assert.equal(codec.encoderDigest, encodec.encoderDigest);
    assert.notEqual(codec.digest, encodec.digest);
    assert.deepEqual(decoded, await wavsOf(rows, codec));
  }
  const own = await run.decode();
  for (const { id, numSamples } of rows) {
    assert.equal(decoded.get(id)?.samples, numSamples);
    assert.notDeepEqual(decoded.get(id), own.get(id));
  }

  const other = vocosFolder(run.temporary, "other");
  flipSign(join(other, "encodec/model.safetensors"), "encoder.layers.0.conv.bias");
  for (const codec of [other, narrowCheckpoint("mimi/transformers_narrow")]) {
    await assert.rejects(run.decode({ codec }), (error) => {
      assert.ok(error instanceof RunConflictError);
      assert.match(error.message, /its tokens were made by another model/);
      return true;
    });
  }
});

Deno.test("Vocos decodes as many codebooks as a run of EnCodec was made with", async () => {
  using run = await NarrowRun.of(ENCODEC, { codebooks: 1 });
  const vocos = vocosFolder(run.temporary, "vocos");
  await using codec = await run.open({ codebooks: 1 }, vocos);
  assert.deepEqual(await run.decode({ codec: vocos }), await wavsOf(await run.rows(), codec));
});

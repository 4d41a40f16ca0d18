import assert from "node:assert/strict";
import { doctor } from "../lib/doctor.ts";
import type { Check } from "../lib/doctor/check.ts";
import { type DoctorPorts, realPorts } from "../lib/doctor/ports.ts";
import { DENO_VERSION } from "../lib/version.ts";
import type { Codec } from "../models/codec.ts";
import { loadCodec } from "../models/registry.ts";

/** A machine on which all is well, without native code. */
function healthy(change: Partial<DoctorPorts> = {}): DoctorPorts {
  return {
    denoVersion: DENO_VERSION,
    machine: { cores: 4, cudaDevices: () => [], hasCudaProvider: () => false },
    memory: () => ({ total: 16e9, available: 8e9 }),
    freeBytes: () => 100e9,
    tryTemporaryFile: () => "/tmp/x",
    providers: () => Promise.resolve(["cpu"]),
    loadDecoder: () => Promise.resolve(),
    clips: () => ["a.flac", "b.flac"],
    decode: () => Promise.resolve(30),
    loadCodec: () => loadCodec("bundled"),
    ...change,
  };
}

async function look(change: Partial<DoctorPorts>, name: string): Promise<Check> {
  for await (const check of doctor(healthy(change))) if (check.name === name) return check;
  throw new Error(`There is no check '${name}'`);
}

Deno.test("doctor() finds this machine well", async () => {
  const checks = await Array.fromAsync(doctor());
  assert.deepEqual(checks.filter(({ ok }) => ok === "failed"), []);
  assert.ok(checks.length >= 10);
  const clips = realPorts().clips() ?? [];
  assert.equal(clips.length, 33);
});

Deno.test("doctor() says how to mend what fails, and goes on", async () => {
  const broken = () => Promise.reject(new Error("libfoo.so.1: cannot open shared object file"));
  const ports = healthy({ providers: broken, loadDecoder: broken, loadCodec: broken });
  const checks = await Array.fromAsync(doctor(ports));
  const bad = checks.filter(({ ok }) => ok === "failed");
  assert.deepEqual(bad.map(({ name }) => name), [
    "model runtime",
    "audio decoder",
    "bundled codec",
  ]);
  assert.ok(bad.every(({ detail }) => detail.includes("libfoo.so.1")));
  assert.ok(checks.every(({ ok, fix }) => (ok === "ok") === (fix === null)));
});

Deno.test("doctor() warns of another Deno, naming the one to use", async () => {
  const check = await look({ denoVersion: "2.0.0" }, "Deno");
  assert.equal(check.ok, "warning");
  assert.ok(check.fix?.includes(`deno@${DENO_VERSION}`));
});

Deno.test("doctor() tells a disk that is full from one that is nearly so", async () => {
  assert.equal((await look({ freeBytes: () => 1e6 }, "disk")).ok, "failed");
  assert.equal((await look({ freeBytes: () => 500e6 }, "disk")).ok, "warning");
  assert.equal((await look({ freeBytes: () => null }, "disk")).ok, "warning");
});

Deno.test("doctor() fails where temporary files cannot be written", async () => {
  const tryTemporaryFile = () => {
    throw new Deno.errors.PermissionDenied("no");
  };
  assert.equal((await look({ tryTemporaryFile }, "temporary files")).ok, "failed");
});

Deno.test("doctor() warns of cards that the runtime cannot use", async () => {
  const machine = { cores: 4, cudaDevices: () => ["GPU-a"], hasCudaProvider: () => false };
  const check = await look({ machine }, "devices");
  assert.equal(check.ok, "warning");
  assert.match(check.detail, /4 CPU workers; CUDA devices GPU-a/);
  assert.match(check.fix ?? "", /libonnxruntime_providers_cuda/);
});

Deno.test("doctor() runs the codec on CUDA where it can be used", async () => {
  const machine = { cores: 4, cudaDevices: () => ["GPU-a"], hasCudaProvider: () => true };
  const opened: string[] = [];
  const load = (provider: "cpu" | "cuda") => {
    opened.push(provider);
    return loadCodec("bundled");
  };
  assert.equal((await look({ machine, loadCodec: load }, "bundled codec on CUDA")).ok, "ok");
  assert.deepEqual(opened, ["cpu", "cuda"]);
});

Deno.test("doctor() skips the clips where the program has none, and misses them where it should", async () => {
  assert.match((await look({ clips: () => null }, "speech that comes along")).detail, /skipped/);
  assert.equal((await look({ clips: () => [] }, "speech that comes along")).ok, "failed");
});

Deno.test("doctor() does not trust a codec that gives too few codes", async () => {
  const load = async (): Promise<Codec> => {
    const codec = await loadCodec("bundled");
    codec.encode = () => Promise.resolve([[1], [1], [1], [1]]);
    return codec;
  };
  assert.equal((await look({ loadCodec: load }, "bundled codec")).ok, "failed");
});

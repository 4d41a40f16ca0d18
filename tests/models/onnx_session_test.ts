import assert from "node:assert/strict";
import { convEncoder } from "../../bench/graphs/conv_encoder.ts";
import { OnnxSession } from "../../models/onnx_session.ts";
import type { SessionContract } from "../../models/session_contract.ts";

const CONTRACT: SessionContract = {
  role: "the encoder of 'test'",
  inputs: [{ name: "audio", type: "float32", shape: ["batch", 1, "samples"] }],
  outputs: [{ name: "codes", type: "int64", shape: ["batch", 4, "frames"] }],
};

const GRAPH = { channels: 8, blocks: 1, codebookSize: 16 };

Deno.test("OnnxSession runs a graph from bytes", async () => {
  const file = { name: "small", model: convEncoder(GRAPH) };
  await using session = await OnnxSession.open(file, { contract: CONTRACT });
  const data = Float32Array.from({ length: 1280 }, (_, n) => Math.sin(n));
  const { codes } = await session.run({ audio: { data, dims: [2, 1, 640] } });
  assert.deepEqual(codes?.dims, [2, 4, 2]);
  assert.ok(codes.data instanceof BigInt64Array);
});

Deno.test("OnnxSession.open() throws for a graph that breaks its contract", async () => {
  const file = {
    name: "odd.onnx",
    model: convEncoder({ ...GRAPH, inputName: "wave", layers: 2 }),
  };
  await assert.rejects(OnnxSession.open(file, { contract: CONTRACT }), {
    name: "SpeechmillError",
    message: "Cannot use 'odd.onnx' as the encoder of 'test': " +
      "it has no input 'audio' float32 [batch, 1, samples]; its inputs are 'wave'; " +
      "it asks for a further input 'wave'; " +
      "output 'codes' int64 [batch, 4, frames] is int64 [batch, 2, frames] in the graph",
  });
});

Deno.test("OnnxSession.open() throws for a file that is missing or no graph", async () => {
  for (
    const [model, message] of [
      ["/nowhere/at/all.onnx", /^Cannot open 'a' on cpu: .*File doesn't exist/s],
      [Uint8Array.of(1, 2, 3), /^Cannot open 'a' on cpu: .*protobuf parsing failed/s],
    ] as const
  ) {
    const opening = OnnxSession.open({ name: "a", model }, { contract: CONTRACT });
    await assert.rejects(opening, (error: Error) => {
      assert.equal(error.name, "SpeechmillError");
      assert.match(error.message, message);
      return true;
    });
  }
});

/**
 * Runs in a process of its own, since the native library writes past Deno. It asks for a provider
 * that needs a CUDA device, feeds a graph nonsense, and prints the files it has open.
 */
const PROGRAM = `
const { OnnxSession } = await import(Deno.args[0]);
const contract = JSON.parse(Deno.args[2]);
const model = Deno.args[1];
const file = { name: "encoder", model };
await using session = await OnnxSession.open(file, { contract });
const data = new Float32Array(10);
const run = await session.run({ audio: { data, dims: [1, 1, 10] } }).catch((e) => e.message);
const cuda = await OnnxSession.open(file, { contract, provider: "cuda" }).then(
  async (opened) => { await opened[Symbol.asyncDispose](); return null; },
  (error) => [error.name, error.message],
);
const links = Deno.build.os === "linux"
  ? [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => {
    try { return Deno.readLinkSync("/proc/self/fd/" + name); } catch { return ""; }
  })
  : [];
console.log(JSON.stringify({ run, cuda, links }));
`;

interface Outcome {
  readonly run: string;
  readonly cuda: readonly [string, string] | null;
  readonly links: readonly string[];
}

async function runProgram(): Promise<Outcome> {
  const kept = ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME", "npm_config_registry"];
  const env: Record<string, string> = { CUDA_VISIBLE_DEVICES: "" };
  for (const name of kept) {
    const value = Deno.env.get(name);
    if (value !== undefined) env[name] = value;
  }
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      PROGRAM,
      new URL("../../models/onnx_session.ts", import.meta.url).href,
      new URL("../../models/bundled/encoder.onnx", import.meta.url).pathname,
      JSON.stringify(CONTRACT),
    ],
    clearEnv: true,
    env,
    stdout: "piped",
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("the runtime prints nothing on stdout, keeps its provider and sends no telemetry", async () => {
  const { run, cuda, links } = await runProgram();
  assert.match(run, /Non-zero status code returned while running Conv/);
  assert.equal(cuda?.[0], "DeviceError");
  assert.match(cuda?.[1] ?? "", /^Cannot open 'encoder' on cuda: the execution provider does not/);
  assert.deepEqual(links.filter((path) => /telemetry|\.onnxruntime|mat-debug/.test(path)), []);
});

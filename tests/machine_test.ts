import assert from "node:assert/strict";
import { type MachineTools, realMachine, systemTools } from "../lib/machine.ts";

interface FakeSystem {
  readonly listing?: string;
  readonly visible?: string;
  readonly files?: readonly string[];
}

function machine({ listing, visible, files = [] }: FakeSystem) {
  const tools: MachineTools = {
    cores: 8,
    runtimeFolder: "/runtime",
    run: (command) => command === "nvidia-smi" ? listing ?? null : null,
    env: (name) => name === "CUDA_VISIBLE_DEVICES" ? visible : undefined,
    exists: (path) => files.includes(path),
  };
  return realMachine(tools);
}

const TWO_CARDS = `GPU 0: NVIDIA A100 (UUID: GPU-aaaa)
  MIG 1g.10gb     Device  0: (UUID: MIG-1111)
  MIG 1g.10gb     Device  1: (UUID: MIG-2222)
GPU 1: NVIDIA A100 (UUID: GPU-bbbb)
`;

Deno.test("realMachine() lists cards by UUID, and slices in place of a divided card", () => {
  assert.deepEqual(machine({ listing: TWO_CARDS }).cudaDevices(), [
    "MIG-1111",
    "MIG-2222",
    "GPU-bbbb",
  ]);
});

Deno.test("realMachine() finds no CUDA device where there is no nvidia-smi", () => {
  assert.deepEqual(machine({}).cudaDevices(), []);
});

Deno.test("realMachine() keeps to CUDA_VISIBLE_DEVICES as CUDA reads it", () => {
  const visible = (text: string) => machine({ listing: TWO_CARDS, visible: text }).cudaDevices();
  assert.deepEqual(visible(""), []);
  assert.deepEqual(visible("-1"), []);
  assert.deepEqual(visible("2, GPU-aaaa"), ["2", "GPU-aaaa"]);
  assert.deepEqual(visible("0,-1,1"), ["0"]);
});

Deno.test("realMachine() looks for the CUDA library beside the runtime", () => {
  const library = "/runtime/libonnxruntime_providers_cuda.so";
  assert.equal(machine({ files: [library] }).hasCudaProvider(), true);
  assert.equal(machine({ files: ["/elsewhere/library.so"] }).hasCudaProvider(), false);
});

Deno.test("systemTools() gives null for a command that is missing or fails", () => {
  const tools = systemTools();
  assert.equal(tools.run("speechmill-no-such-command", []), null);
  assert.equal(tools.run(Deno.execPath(), ["eval", "Deno.exit(3)"]), null);
});

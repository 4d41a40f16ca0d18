import assert from "node:assert/strict";
import { chooseDevices, type Device, type Machine, workerNames } from "../lib/devices.ts";
import { UsageError } from "../lib/errors.ts";

interface FakeMachine {
  readonly cores?: number;
  readonly cuda?: readonly string[];
  readonly provider?: boolean;
}

function machine({ cores = 8, cuda = [], provider = true }: FakeMachine = {}): Machine {
  return { cores, cudaDevices: () => cuda, hasCudaProvider: () => provider };
}

/** `cpu`, `cuda:0`, `webgpu`, with the number of feeders behind it. */
function summaryOf(devices: readonly Device[]): string[] {
  return devices.map(({ provider, cuda, feeders }) =>
    `${provider}${cuda === null ? "" : `:${cuda}`} ${feeders}`
  );
}

function chosen(text: string, fake: FakeMachine = {}): string[] {
  return summaryOf(chooseDevices(text, machine(fake)).devices);
}

Deno.test("chooseDevices('auto') takes one worker a core where there is no CUDA device", () => {
  const { devices, warning } = chooseDevices("auto", machine({ cores: 3 }));
  assert.deepEqual([summaryOf(devices), warning], [["cpu 1", "cpu 1", "cpu 1"], null]);
});

Deno.test("chooseDevices('auto') takes every CUDA device that the runtime can use", () => {
  const { devices, warning } = chooseDevices("auto", machine({ cuda: ["GPU-a", "GPU-b"] }));
  assert.deepEqual([summaryOf(devices), warning], [["cuda:GPU-a 4", "cuda:GPU-b 4"], null]);
});

Deno.test("chooseDevices('auto') says so when it must leave CUDA devices alone", () => {
  const { devices, warning } = chooseDevices(
    "auto",
    machine({ cores: 1, cuda: ["0"], provider: false }),
  );
  assert.deepEqual(summaryOf(devices), ["cpu 1"]);
  assert.match(warning ?? "", /Found 1 CUDA device.*this run uses the CPU.*doctor/);
});

Deno.test("chooseDevices() takes each kind of device, and several of them", () => {
  assert.deepEqual(chosen("cpu", { cores: 2 }), ["cpu 1", "cpu 1"]);
  assert.deepEqual(chosen("cpu:3"), ["cpu 1", "cpu 1", "cpu 1"]);
  assert.deepEqual(chosen("cpu:1024").length, 1024);
  assert.deepEqual(chosen("webgpu"), ["webgpu 8"]);
  assert.deepEqual(chosen("cuda", { cuda: ["GPU-a", "MIG-b"] }), ["cuda:GPU-a 4", "cuda:MIG-b 4"]);
  assert.deepEqual(chosen("cuda:0, cuda:1"), ["cuda:0 4", "cuda:1 4"]);
  assert.deepEqual(chosen("cuda:GPU-12ab-34,cuda:MIG-ff"), ["cuda:GPU-12ab-34 4", "cuda:MIG-ff 4"]);
  assert.deepEqual(chosen("cpu:1,cuda:0"), ["cpu 1", "cuda:0 8"]);
});

Deno.test("chooseDevices() shares the cores among the GPUs, each at least one, none more than it can use", () => {
  assert.deepEqual(chosen("cuda:0", { cores: 64 }), ["cuda:0 16"]);
  assert.deepEqual(chosen("cuda:0,cuda:1,cuda:2", { cores: 2 }).map((d) => d.slice(-1)), [
    ...["1", "1", "1"],
  ]);
});

Deno.test("chooseDevices() refuses what is no device, and names it", () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["", /'' is no device: use auto, cpu, cpu:4/],
    ["gpu", /'gpu' is no device/],
    ["cpu,", /'' is no device/],
    ["CPU", /'CPU' is no device/],
    ["cpu:", /'cpu:' is no device/],
    ["cpu:-1", /'cpu:-1' is no device/],
    ["cpu:1.5", /'cpu:1.5' is no device/],
    ["cpu:0", /'cpu:0' asks for 0 workers: use 1 to 1024/],
    ["cpu:1025", /'cpu:1025' asks for 1025 workers/],
    ["cuda:x", /'cuda:x' is no device/],
    ["cuda:0;rm", /'cuda:0;rm' is no device/],
    ["webgpu:0", /'webgpu:0' is no device/],
    ["auto,cpu", /'auto' is no device/],
    ["cuda:0,cuda:0", /cuda:0 is named twice/],
    ["cuda:00,cuda:0", /cuda:0 is named twice/],
    ["cuda,cuda:GPU-a", /cuda:GPU-a is named twice/],
    ["cuda", /this machine has no CUDA device/],
    ["cpu,cuda", /this machine has no CUDA device/],
  ];
  for (const [text, message] of refused) {
    const fake = text.includes("GPU-a") ? { cuda: ["GPU-a"] } : {};
    assert.throws(() => chooseDevices(text, machine(fake)), (error) => {
      assert.ok(error instanceof UsageError, text);
      assert.ok(error.message.startsWith(`Cannot use devices '${text}': `), error.message);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("workerNames() gives each worker a name of its own", () => {
  const { devices } = chooseDevices("cpu:2,cuda:1,webgpu", machine());
  assert.deepEqual(workerNames(devices), ["cpu:0", "cpu:1", "cuda:1", "webgpu:0"]);
});

Deno.test("chooseDevices() counts cuda:N among the devices that this process may see", () => {
  const two = machine({ cuda: ["GPU-aa", "GPU-bb"] });
  assert.deepEqual(chooseDevices("cuda:1", two).devices.map(({ cuda }) => cuda), ["GPU-bb"]);
  assert.throws(() => chooseDevices("cuda:2", two), /there is no cuda:2: use cuda:0 to cuda:1/);
  assert.throws(() => chooseDevices("cuda,cuda:0", two), /GPU-aa is named twice/);
});

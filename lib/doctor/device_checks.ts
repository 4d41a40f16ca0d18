/**
 * Packages with native code, and what they can run on.
 *
 * @module
 */
import { chooseDevices } from "../devices.ts";
import { type Check, failed, type Finding, fine, look, warning } from "./check.ts";
import type { DoctorPorts } from "./ports.ts";

const RELOAD =
  "Delete the package from Deno's cache ('deno info' says where) and run this again; " +
  "on Linux glibc 2.28 or newer is needed";

/** Checks the runtime, the decoder and the devices. */
export async function* deviceChecks(ports: DoctorPorts): AsyncGenerator<Check> {
  yield await look("model runtime", RELOAD, async () => {
    const providers = await ports.providers();
    const detail = `onnxruntime-node with ${providers.join(", ")}`;
    return providers.includes("cpu")
      ? fine(detail)
      : failed(`${detail}: the CPU is not among them`, RELOAD);
  });
  yield await look("audio decoder", RELOAD, async () => {
    await ports.loadDecoder();
    return fine("node-av loads");
  });
  yield await look("devices", "Run 'nvidia-smi' to see what is wrong", () => devices(ports));
}

function devices({ machine }: DoctorPorts): Finding {
  const cuda = machine.cudaDevices();
  const { devices } = chooseDevices("auto", machine);
  const kinds = devices.map(({ provider }) => provider);
  const workers = `${kinds.length} ${kinds[0]?.toUpperCase()} worker${
    kinds.length === 1 ? "" : "s"
  }`;
  const detail = `'--devices auto' means ${workers}; ${
    cuda.length === 0 ? "no CUDA device" : `CUDA devices ${cuda.join(", ")}`
  }`;
  if (cuda.length === 0 || machine.hasCudaProvider()) return fine(detail);
  return warning(
    `${detail}; the runtime's CUDA library is not installed`,
    "Put libonnxruntime_providers_cuda.so and libonnxruntime_providers_shared.so of " +
      "onnxruntime 1.30.0 (NuGet Microsoft.ML.OnnxRuntime.Gpu.Linux) beside onnxruntime_binding.node",
  );
}

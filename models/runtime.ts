/**
 * Loads the model runtime, the one native library that costs something to load.
 *
 * @module
 */
import type ort from "../lib/npm/onnxruntime.ts";

const TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";

/**
 * Loads onnxruntime at the first call, with its telemetry switched off.
 *
 * From 1.30 on the runtime opens a database under `~/.cache/Microsoft` and sends events to
 * its makers unless `ORT_DISABLE_TELEMETRY` is set before the library is loaded. A process
 * that may not set variables must be started with it.
 */
export async function loadRuntime(): Promise<typeof ort> {
  switchTelemetryOff();
  const module = await import("../lib/npm/onnxruntime.ts");
  return module.default;
}

function switchTelemetryOff(): void {
  const permission = Deno.permissions.querySync({
    name: "env",
    variable: TELEMETRY_SWITCH,
  });
  if (permission.state === "granted") Deno.env.set(TELEMETRY_SWITCH, "1");
}

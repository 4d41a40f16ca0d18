/**
 * Whether this machine can run speechmill, and what to do where it cannot.
 *
 * @module
 */
import type { Check } from "./doctor/check.ts";
import { deviceChecks } from "./doctor/device_checks.ts";
import { type DoctorPorts, realPorts } from "./doctor/ports.ts";
import { speechChecks } from "./doctor/speech_checks.ts";
import { systemChecks } from "./doctor/system_checks.ts";

export type { Check };

/** Looks at one thing after another; a check that fails does not keep the next from being made. */
export async function* doctor(ports: DoctorPorts = realPorts()): AsyncGenerator<Check> {
  yield* systemChecks(ports);
  yield* deviceChecks(ports);
  yield* speechChecks(ports);
}

/**
 * Settings: how it runs.
 *
 * @module
 */
import { z } from "../../npm/zod.ts";
import type { SettingFacts } from "../setting.ts";
import { positive, seconds, text } from "./values.ts";

/** What `chooseDevices` reads, whatever the machine has. */
const DEVICES =
  /^(?:auto| *(?:cpu(?::\d+)?|webgpu|cuda(?::[\w-]+)?) *(?:, *(?:cpu(?::\d+)?|webgpu|cuda(?::[\w-]+)?) *)*)$/;

/** How it runs. */
export const RUN_SETTINGS = {
  devices: {
    schema: z.string().regex(DEVICES),
    flagKind: "text",
    valueName: "devices",
    expected: "auto, cpu, cpu:4, cuda:0,cuda:1 or webgpu",
    default: "auto",
    description: "What runs the model, one worker each: auto, cpu, cpu:4, cuda:0,cuda:1 or webgpu",
    decidesData: false,
  },
  batch_seconds: {
    schema: positive.nullable(),
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number over 0, or null",
    default: null,
    description: "Seconds of audio that go through the model together; null to fit the device",
    decidesData: false,
  },
  window_seconds: {
    schema: seconds.nullable(),
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number, 0 or more, or null",
    default: null,
    description:
      "Clips longer than this are encoded in overlapping windows, with the same tokens; 0 to never cut, null to fit the device",
    decidesData: false,
  },
  max_retries: {
    schema: z.int().min(0),
    flagKind: "scalar",
    valueName: "count",
    expected: "a whole number, 0 or more",
    default: 2,
    description: "How often a sample is tried again before it is quarantined",
    decidesData: false,
  },
  stall_seconds: {
    schema: positive,
    flagKind: "scalar",
    valueName: "seconds",
    expected: "a number over 0",
    default: 120,
    description: "A worker that is silent for so long is ended and its samples handed out again",
    decidesData: false,
  },
  ledger: {
    schema: text.nullable(),
    flagKind: "text",
    valueName: "file",
    expected: "a path, or null",
    default: null,
    description:
      "Where the ledger lies: a path on a local disk if the run directory is on a network file system; null for inside the run directory",
    decidesData: false,
  },
} as const satisfies Record<string, SettingFacts>;

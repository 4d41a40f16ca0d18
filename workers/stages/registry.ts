/**
 * The stages by name. A new stage is one file beside this one and a line here.
 *
 * @module
 */
import type { StageRegistry } from "../stage.ts";
import { codecStage } from "./codec.ts";
import { noneStage } from "./none.ts";

/** Every stage a worker can run. */
export const STAGES: StageRegistry = { codec: codecStage, none: noneStage };

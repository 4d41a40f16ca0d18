/**
 * Settings, for those who only read them.
 *
 * @module
 */
export { loadConfig, type LoadConfigOptions as ConfigOptions } from "./load.ts";
export type { RunConfig } from "./run_config.ts";

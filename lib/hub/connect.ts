/**
 * The client for the Hub that the environment names, with the token of its user.
 *
 * @module
 */
import { processEnvironment } from "../environment.ts";
import { HubClient } from "./client.ts";
import { hubEndpoint } from "./locations.ts";
import type { HubOptions } from "./repository.ts";
import { findToken } from "./token.ts";

/** What a connection depends on. */
export interface ConnectOptions extends Omit<HubOptions, "onProgress"> {
  /** Silence, in milliseconds, after which a connection counts as broken. @default 60,000 */
  readonly idleMilliseconds?: number;
}

/**
 * Makes a client; nothing is sent yet.
 *
 * @throws {UsageError} If `HF_ENDPOINT` or the token cannot be used.
 * @throws {SpeechmillError} If the file with the token cannot be read.
 */
export async function connectHub(options: ConnectOptions): Promise<HubClient> {
  const { environment = processEnvironment, ...connection } = options;
  const { fetch, signal, wait, onWait, idleMilliseconds } = connection;
  const token = await findToken(environment);
  const endpoint = hubEndpoint(environment);
  return new HubClient({ endpoint, token, fetch, signal, wait, onWait, idleMilliseconds });
}

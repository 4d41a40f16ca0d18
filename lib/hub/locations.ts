/**
 * Where the Hub is, and where on this machine its files lie, by the variables that Python's
 * `huggingface_hub` reads.
 *
 * @module
 */
import { join } from "node:path";
import type { Environment } from "../environment.ts";
import { SpeechmillError, UsageError } from "../errors.ts";

const PUBLIC_ENDPOINT = "https://huggingface.co";

/**
 * Address of the Hub or of a mirror of it, without a slash at the end: `HF_ENDPOINT`, else
 * `https://huggingface.co`.
 *
 * @throws {UsageError} If `HF_ENDPOINT` is no `http:` or `https:` address, or carries a password.
 */
export function hubEndpoint(environment: Environment): string {
  const given = environment("HF_ENDPOINT");
  if (!given) return PUBLIC_ENDPOINT;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw new UsageError(
      "Cannot use HF_ENDPOINT: it is no address such as 'https://hub.example.org', " +
        "without user and password",
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/**
 * Folder of everything that belongs to the Hub: `HF_HOME`, else `XDG_CACHE_HOME/huggingface`, else
 * `~/.cache/huggingface`.
 *
 * @throws {SpeechmillError} If none of them is set.
 */
function hubHome(environment: Environment): string {
  const own = environment("HF_HOME");
  if (own) return expandHome(own, environment);
  const shared = environment("XDG_CACHE_HOME");
  if (shared) return join(expandHome(shared, environment), "huggingface");
  const home = homeFolder(environment);
  if (home) return join(home, ".cache", "huggingface");
  throw new SpeechmillError(
    "Cannot choose a folder for files of the Hub: none of HF_HOME, XDG_CACHE_HOME and HOME is " +
      "set; set HF_HOME to a folder",
  );
}

/** Folder of the cached repositories: `HF_HUB_CACHE`, else `hub` in {@linkcode hubHome}. */
export function hubCacheFolder(environment: Environment): string {
  const own = environment("HF_HUB_CACHE");
  return own ? expandHome(own, environment) : join(hubHome(environment), "hub");
}

/** File that `hf auth login` writes: `HF_TOKEN_PATH`, else `token` in {@linkcode hubHome}. */
export function tokenFile(environment: Environment): string {
  const own = environment("HF_TOKEN_PATH");
  return own ? expandHome(own, environment) : join(hubHome(environment), "token");
}

/** Whether `HF_HUB_OFFLINE` forbids the network. */
export function isOffline(environment: Environment): boolean {
  return /^(?:1|on|yes|true)$/i.test(environment("HF_HUB_OFFLINE") ?? "");
}

/** Shells expand `~`, service files and containers do not. */
function expandHome(path: string, environment: Environment): string {
  const home = homeFolder(environment);
  return home && /^~(?:[/\\]|$)/.test(path) ? join(home, path.slice(1)) : path;
}

function homeFolder(environment: Environment): string | undefined {
  return environment("HOME") || environment("USERPROFILE");
}

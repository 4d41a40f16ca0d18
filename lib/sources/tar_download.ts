/**
 * Downloading one file by its address: what breaks off goes on where it broke, in this process or
 * the next. No token is sent anywhere.
 *
 * @module
 */
import { SpeechmillError, UsageError } from "../errors.ts";
import { Answer, IdleTimer } from "../hub/answer.ts";
import { BackOff, PassingError, type Patience } from "../hub/back_off.ts";
import { connectionError, IDLE_MILLISECONDS, PASSING_STATUSES } from "../hub/connection.ts";
import { retryAfter } from "../hub/retry_after.ts";
import { VERSION } from "../version.ts";
import { DownloadPart } from "./tar_download_part.ts";

const ADVICE = "check the network and the address";

/** One file to download. */
export interface DownloadOptions extends Patience {
  /** `http:` or `https:`. */
  readonly url: URL;
  /** Where it lies until it is whole, and then. */
  readonly path: string;
  /** @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** Called with the bytes that are here, and how many there are, if the server says so. */
  readonly onBytes?: (bytes: number, total: number | null) => void;
  /** Silence, in milliseconds, after which a connection counts as broken. @default 60,000 */
  readonly idleMilliseconds?: number;
}

/** How messages show an address: what opens a file for whoever has it is left out. */
export function shownAddress(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/**
 * Downloads a file.
 *
 * @returns When the server says that it was last changed; null where it does not.
 * @throws {UsageError} If there is no such file, or it is not ours to read.
 * @throws {SpeechmillError} If the network stays down, or the disk is full; what is here by then
 *   is gone on with the next time.
 */
export async function downloadFile(options: DownloadOptions): Promise<Date | null> {
  const name = shownAddress(options.url);
  if (options.url.username !== "" || options.url.password !== "") {
    throw new UsageError(`Cannot download '${name}': leave the user and password out`);
  }
  using part = DownloadPart.open(options.path, name);
  const backOff = new BackOff(`download '${name}'`, { ...options, advice: ADVICE });
  let furthest = part.bytes;
  while (!part.isWhole) {
    try {
      await connect(options, part);
    } catch (error) {
      if (part.bytes > furthest) backOff.progress();
      furthest = Math.max(furthest, part.bytes);
      await backOff.after(error);
    }
  }
  part.finish();
  return part.changed;
}

async function connect(options: DownloadOptions, part: DownloadPart): Promise<void> {
  const { signal, idleMilliseconds = IDLE_MILLISECONDS } = options;
  signal?.throwIfAborted();
  using timer = new IdleTimer(idleMilliseconds);
  const passing = (error: unknown) => connectionError(error, { token: null, signal });
  const response = await request(options, part, timer.signal).catch((error) => {
    throw passing(error);
  });
  await using answer = new Answer(response, { timer, passing });
  if (!part.accept(answer)) check(answer, options.url);
  for await (const piece of answer.pieces()) {
    part.append(piece);
    options.onBytes?.(part.bytes, part.total);
  }
  part.end();
}

function request(
  { url, fetch: send = fetch, signal }: DownloadOptions,
  part: DownloadPart,
  idle: AbortSignal,
): Promise<Response> {
  const headers = new Headers(part.rangeHeaders());
  headers.set("user-agent", `speechmill/${VERSION}`);
  // Compressed, neither ranges nor sizes would be those of the file.
  headers.set("accept-encoding", "identity");
  return send(url, {
    headers,
    signal: signal === undefined ? idle : AbortSignal.any([signal, idle]),
  });
}

/** @throws what the status of the answer means, if it is no good one. */
function check({ status, headers }: Answer, url: URL): void {
  if (PASSING_STATUSES.includes(status)) {
    const pause = retryAfter(headers, Date.now());
    throw new PassingError(`the server '${url.host}' answers ${status}`, pause);
  }
  const begin = `Cannot download '${shownAddress(url)}': `;
  if (status === 404 || status === 410) {
    throw new UsageError(`${begin}there is no such file (${status})`);
  }
  if (status === 401 || status === 403) {
    throw new UsageError(
      `${begin}access is denied (${status}); tokens are sent to no address: for a dataset on the ` +
        "Hub give hf://datasets/<organisation>/<name>, else an address that opens without one",
    );
  }
  throw new SpeechmillError(`${begin}the server answers ${status}`);
}

/**
 * What to do when the Hub does not let us write.
 *
 * @module
 */
import { messageOf, SpeechmillError } from "../../errors.ts";
import { HubApiError } from "../../npm/huggingface_hub.ts";
import { PassingError } from "../back_off.ts";
import { scrub } from "../connection.ts";
import { StoreRefusalError, XetError } from "./failures.ts";
import type { UploadSession } from "./session.ts";

/** The Hub refuses, whatever is tried again. */
export class HubRefusalError extends SpeechmillError {
  override name = "HubRefusalError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const PASSED_ON = [SpeechmillError, PassingError, StoreRefusalError, XetError, TypeError];

/** Where an error came up. */
export interface UploadContext {
  /** For messages: `Cannot <what>: ...`. */
  readonly what: string;
  readonly session: UploadSession;
  readonly token: string;
}

/**
 * An error of the library in our words. Errors of our own pass, and so do defects.
 *
 * The library's are not kept as a cause: they hold addresses and whole answers.
 */
export function uploadError(error: unknown, context: UploadContext): unknown {
  if (error instanceof HubApiError) return refusal(error, context);
  const { signal } = context.session.patience;
  if (signal?.aborted) return signal.reason;
  if (!(error instanceof Error) || PASSED_ON.some((kind) => error instanceof kind)) return error;
  return new SpeechmillError(
    `Cannot ${context.what}: ${scrub(messageOf(error), context.token)}`,
  );
}

function refusal({ statusCode, message }: HubApiError, context: UploadContext): HubRefusalError {
  const said = scrub(message.replace(/\. URL: .*$/s, ""), context.token);
  const advice = adviceFor(statusCode, context.session);
  return new HubRefusalError(
    statusCode,
    `Cannot ${context.what}: the Hub answers ${statusCode} (${said})${advice}`,
  );
}

function adviceFor(status: number, { client: { endpoint }, repository }: UploadSession): string {
  const [namespace] = repository.id.split("/");
  switch (status) {
    case 401:
      return ": it does not accept your token: run 'hf auth login', or set HF_TOKEN";
    case 402:
    case 413:
      return `: see '${endpoint}/settings/billing', or make room in '${namespace}'`;
    case 403:
      return `: your token may not write there: name a repository of your own, or make a token ` +
        `that may write to '${namespace}' at '${endpoint}/settings/tokens'`;
    default:
      return "";
  }
}

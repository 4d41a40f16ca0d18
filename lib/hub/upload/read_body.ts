/**
 * Reading an answer to its end.
 *
 * @module
 */
import { checkLength, type IdleTimer } from "../answer.ts";

/** Statuses whose answers have no body. */
const WITHOUT_BODY = [101, 204, 205, 304];

/**
 * The whole body, or null where there can be none; the timer is restarted as bytes come.
 *
 * @throws {SpeechmillError} If it is longer than any that is due.
 */
export async function readBody(
  { body, status }: Response,
  timer: IdleTimer,
): Promise<Blob | null> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    checkLength(bytes += piece.length);
    pieces.push(piece);
    timer.restart();
  }
  return WITHOUT_BODY.includes(status) ? null : new Blob(pieces);
}

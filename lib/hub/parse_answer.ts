/**
 * Reading what the API answers.
 *
 * @module
 */
import { SpeechmillError } from "../errors.ts";
import { z } from "../npm/zod.ts";
import { describeSubject, type Subject } from "./subject.ts";

/**
 * Reads JSON of a known shape.
 *
 * @throws {SpeechmillError} If it is something else: no Hub answers there.
 */
export function parseAnswer<Shape extends z.ZodType>(
  text: string,
  shape: Shape,
  { endpoint, subject }: { readonly endpoint: string; readonly subject: Subject },
): z.infer<Shape> {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : "it is no JSON";
    throw new SpeechmillError(
      `Cannot list the files of ${describeSubject(subject)}: the answer of '${endpoint}' is not ` +
        `that of a Hub (${reason}); check HF_ENDPOINT, and that no proxy asks for a login`,
    );
  }
}

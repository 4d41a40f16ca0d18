/**
 * A line of a JSONL manifest. Checked by hand: a schema library costs more than reading the file.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import { checkFields, FieldError, type FieldName, type SampleFields } from "./fields.ts";

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads one line. Fields that it does not know are fine.
 *
 * @param record The object of the line, where it was parsed before.
 * @throws {FieldError} If the line is not a JSON object with an id and an audio path or a text.
 */
export function parseJsonRecord(line: string, record = parseObject(line)): SampleFields {
  const id = idOf(record, line);
  const fields: SampleFields = {
    id,
    text: textOf(record, "text", id),
    audio: textOf(record, "audio", id) || null,
    speaker: nameOf(record, "speaker", id),
    language: textOf(record, "language", id),
    duration: secondsOf(record, "duration", id),
    start: secondsOf(record, "start", id),
    end: secondsOf(record, "end", id),
  };
  if (fields.audio === null && (fields.text ?? "") === "") {
    throw new FieldError("it has neither 'audio' nor 'text'", id);
  }
  return checkFields(fields);
}

/**
 * The object of a line.
 *
 * @throws {FieldError} If it is none.
 */
export function parseObject(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    // The place names the line of the file; V8 would call it line 1.
    const detail = messageOf(error).replace(/ \(line \d+ column \d+\)$/, "");
    throw new FieldError(`it is not JSON: ${detail}`, null);
  }
  if (!isObject(value)) {
    throw new FieldError(`it is ${kindOf(value)}, not a JSON object`, null);
  }
  return value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function idOf(record: JsonObject, line: string): string {
  const id = record["id"];
  if (typeof id === "string" && id !== "") return id;
  if (typeof id === "number") return numberText(id, line);
  if (id === undefined) throw new FieldError("'id' is missing", null);
  if (id === "") throw new FieldError("'id' is empty", null);
  throw new FieldError(
    `'id' is ${kindOf(id)}: expected text or a number`,
    null,
  );
}

/**
 * The text of a number that is an id: plain digits for whole numbers; as written for others and
 * for those that a double cannot hold, so that neighbours stay distinct.
 */
function numberText(value: number, line: string): string {
  if (Number.isSafeInteger(value)) return String(value);
  const written: unknown = JSON.parse(line, (...parts: readonly unknown[]) => {
    const [key, inner, context] = parts;
    return key === "id" ? sourceText(context) ?? inner : inner;
  });
  const id = isObject(written) ? written["id"] : undefined;
  return typeof id === "string" ? id : String(value);
}

/** What `JSON.parse` tells a reviver about a primitive: the text that it was parsed from. */
function sourceText(context: unknown): string | undefined {
  const source = isObject(context) ? context["source"] : undefined;
  return typeof source === "string" ? source : undefined;
}

function textOf(
  record: JsonObject,
  name: FieldName,
  id: string,
): string | null {
  const value = record[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  throw new FieldError(`'${name}' is ${kindOf(value)}: expected text`, id);
}

/** Speakers are often numbered. */
function nameOf(
  record: JsonObject,
  name: FieldName,
  id: string,
): string | null {
  const value = record[name];
  return Number.isSafeInteger(value) ? String(value) : textOf(record, name, id);
}

function secondsOf(
  record: JsonObject,
  name: FieldName,
  id: string,
): number | null {
  const value = record[name];
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && value >= 0 && value < Infinity) return value;
  throw new FieldError(
    `'${name}' is ${kindOf(value)}: expected seconds, 0 or more`,
    id,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return "text";
  return String(value);
}

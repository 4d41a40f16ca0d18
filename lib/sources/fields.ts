/**
 * What a line of a manifest says about a sample, before its audio is looked for.
 *
 * @module
 */

/** The fields of a manifest; `SourceSample` says what each means. */
export const FIELD_NAMES = [
  "id",
  "text",
  "audio",
  "speaker",
  "language",
  "duration",
  "start",
  "end",
] as const;

/** A field of a manifest. */
export type FieldName = typeof FIELD_NAMES[number];

/** Checked fields; `audio` is the path as it was written. */
export interface SampleFields {
  readonly id: string;
  readonly text: string | null;
  readonly audio: string | null;
  readonly speaker: string | null;
  readonly language: string | null;
  readonly duration: number | null;
  readonly start: number | null;
  readonly end: number | null;
}

/** One line cannot be a sample; it becomes a rejected item. */
export class FieldError extends Error {
  override name = "FieldError";
  /** The sample's id, where the line got that far. */
  readonly id: string | null;

  constructor(message: string, id: string | null) {
    super(message);
    this.id = id;
  }
}

/**
 * Checks what no kind of manifest may hold.
 *
 * @throws {FieldError} If text is not well-formed Unicode, or holds a NUL.
 */
export function checkFields(fields: SampleFields): SampleFields {
  checkText(fields.id, "id", null);
  checkText(fields.text, "text", fields.id);
  checkText(fields.audio, "audio", fields.id);
  checkText(fields.speaker, "speaker", fields.id);
  checkText(fields.language, "language", fields.id);
  return fields;
}

/**
 * Half a surrogate pair has no UTF-8: it would be replaced on its way to disk. A NUL ends text
 * where the ledger is read, so what follows it would be lost, and no path can hold one.
 */
function checkText(value: string | null, name: FieldName, id: string | null): void {
  if (value === null) return;
  if (!value.isWellFormed()) throw new FieldError(`'${name}' holds half a surrogate pair`, id);
  if (value.includes("\0")) throw new FieldError(`'${name}' holds a NUL character`, id);
}

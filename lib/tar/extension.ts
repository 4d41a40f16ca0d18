/**
 * What does not fit into the header of a member and comes before it: long names, large sizes.
 *
 * @module
 */
import { TarFault, type TarKind } from "./header.ts";

/** What is known about the next member. */
export interface TarExtension {
  readonly name?: string;
  readonly size?: number;
  /** Whether its content is without its zeros. */
  readonly isSparse?: boolean;
}

/** Longest extension that is read. Bytes. */
export const LONGEST_EXTENSION = 2 ** 20;

const NEWLINE = 0x0a;
const decoder = new TextDecoder();

/** Whether a member only says something about others. */
export function isExtension(kind: TarKind): boolean {
  return kind === "long name" || kind === "long link" || kind === "pax" || kind === "global";
}

/**
 * Reads what comes before a member. Fields for all members (`global`) hold no names and sizes but
 * comments, and are left alone.
 *
 * @throws {TarFault} If it is damaged.
 */
export function readExtension(kind: TarKind, content: Uint8Array): TarExtension {
  if (kind === "long name") return { name: decoder.decode(content).replace(/\0.*$/s, "") };
  if (kind !== "pax") return {};
  const fields = paxFields(content);
  const name = fields.get("GNU.sparse.name") ?? fields.get("path");
  const size = fields.get("size");
  const isSparse = [...fields.keys()].some((field) => field.startsWith("GNU.sparse."));
  return {
    ...(name === undefined ? {} : { name }),
    ...(size === undefined ? {} : { size: wholeNumber(size) }),
    ...(isSparse ? { isSparse } : {}),
  };
}

/**
 * The fields of a pax header: `27 path=a/long/name\n`, the number being the length of the record
 * in bytes. A value may hold line ends.
 *
 * @throws {TarFault} If it is not made of such records.
 */
export function paxFields(content: Uint8Array): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let start = 0; start < content.length && content[start] !== 0;) {
    const digits = /^\d{1,9} /.exec(decoder.decode(content.subarray(start, start + 10)))?.[0];
    const length = Number(digits);
    const end = start + length;
    const record = decoder.decode(content.subarray(start + (digits?.length ?? 0), end - 1));
    const equals = record.indexOf("=");
    const isRecord = digits !== undefined && length > digits.length && equals > 0 &&
      content[end - 1] === NEWLINE;
    if (!isRecord) throw new TarFault("an extended header of its tar archive is damaged");
    fields.set(record.slice(0, equals), record.slice(equals + 1));
    start = end;
  }
  return fields;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new TarFault(`its tar archive has a size of '${text}'`);
}

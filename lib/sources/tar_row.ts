/**
 * What the members of one key say: texts, and the names in a JSON.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { TarBytes } from "../tar/window.ts";
import { isAudioName } from "./extensions.ts";
import { FieldError } from "./fields.ts";
import type { KeyedMember } from "./tar_groups.ts";

/** The values of a sample by name: those in its JSON, and its texts by their extensions. */
export type TarValues = ReadonlyMap<string, unknown>;

/** Extensions of members that are text; where a sample has several, the first is its text. */
export const TEXT_EXTENSIONS: readonly string[] = ["txt", "text", "lab"];

/** More is no description of a sample. Bytes. */
const LONGEST_TEXT = 16 * 2 ** 20;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Whether a member is audio, going by its name. */
export function isAudio(member: KeyedMember): boolean {
  return isAudioName(`key.${member.extension}`);
}

/** Whether a member says something about its sample. */
export function isDescription(member: KeyedMember): boolean {
  return member.kind === "file" &&
    (member.extension === "json" || TEXT_EXTENSIONS.includes(member.extension));
}

/**
 * Reads what the members of one key say. What is in a text file comes before a `text` in the JSON;
 * text that is not UTF-8 is given as its bytes.
 *
 * @throws {FieldError} If a member is too long, or its JSON is no object.
 */
export function readValues(members: readonly KeyedMember[], bytes: TarBytes): TarValues {
  const values = new Map<string, unknown>();
  for (const member of members) {
    if (member.kind !== "file" || member.extension !== "json") continue;
    const content = contentOf(member, bytes);
    for (const [name, value] of Object.entries(parseObject(content, member.name))) {
      values.set(name, value);
    }
  }
  for (const extension of TEXT_EXTENSIONS.toReversed()) {
    const member = members.find((one) => one.kind === "file" && one.extension === extension);
    if (member === undefined) continue;
    const text = textOf(contentOf(member, bytes));
    values.set(extension, text);
    values.set("text", text);
  }
  return values;
}

function contentOf(member: KeyedMember, bytes: TarBytes): Uint8Array {
  const { name, offset, size } = member;
  if (size > LONGEST_TEXT) throw new FieldError(`'${name}' is longer than 16 MiB`, null);
  return bytes.read(offset, size);
}

/** The trimmed text; null where nothing is left. */
function textOf(content: Uint8Array): string | Uint8Array | null {
  try {
    return decoder.decode(content).trim() || null;
  } catch {
    return content.slice();
  }
}

function parseObject(content: Uint8Array, name: string): object {
  let value: unknown;
  try {
    value = parseJson(decoder.decode(content));
  } catch (error) {
    throw new FieldError(`'${name}' is not JSON: ${messageOf(error)}`, null);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new FieldError(`'${name}' is not a JSON object`, null);
}

/** Whole numbers that a double cannot hold are ids: neighbours stay distinct. */
function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (...parts: readonly unknown[]) => {
    const [, value, context] = parts;
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
    const source = typeof context === "object" && context !== null && "source" in context
      ? String(context.source)
      : "";
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  });
}

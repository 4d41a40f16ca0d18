/**
 * The JSON header of a safetensors file.
 * Format: https://github.com/huggingface/safetensors#format
 *
 * @module
 */
import { z } from "../npm/zod.ts";
import type { StoredType } from "./checkpoint.ts";
import { duplicateKey } from "./duplicate_keys.ts";
import { CheckpointFault, damaged } from "./fault.ts";

/** A tensor as the header has it. */
export interface HeaderEntry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** First byte, counted from the end of the header. */
  readonly begin: number;
  /** The byte after the last. */
  readonly end: number;
}

/** All that a header says. */
export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly entries: readonly HeaderEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

const TYPES: ReadonlyMap<string, StoredType> = new Map([
  ["F32", "float32"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["F64", "float64"],
  ["I64", "int64"],
  ["I32", "int32"],
  ["I16", "int16"],
  ["I8", "int8"],
  ["U8", "uint8"],
  ["BOOL", "bool"],
]);

const size = z.int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
const metadataSchema = z.record(z.string(), z.string());

/**
 * Reads the header.
 *
 * @throws {CheckpointFault} if it is not the JSON that safetensors defines.
 */
export function parseSafetensorsHeader(bytes: Uint8Array): SafetensorsHeader {
  const text = decode(bytes);
  const json = parse(text);
  const twice = duplicateKey(text);
  if (twice !== null) throw damaged(`'${twice}' stands twice in its header`);
  const entries: HeaderEntry[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === "__metadata__") metadata = checkMetadata(value);
    else entries.push(checkEntry(name, value));
  }
  entries.sort((left, right) => left.begin - right.begin || left.end - right.end);
  return { entries, metadata };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged("its header is not UTF-8 text");
  }
}

function parse(text: string): object {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw damaged("its header is not a JSON object");
}

function checkMetadata(value: unknown): Readonly<Record<string, string>> {
  const result = metadataSchema.safeParse(value);
  if (result.success) return result.data;
  throw damaged("the '__metadata__' of its header is not a map of texts");
}

function checkEntry(name: string, value: unknown): HeaderEntry {
  const result = entrySchema.safeParse(value);
  if (!result.success) {
    const where = result.error.issues[0]?.path.join(".") ?? "";
    throw damaged(
      `its header describes tensor '${name}' wrongly${where === "" ? "" : ` in '${where}'`}`,
    );
  }
  const { dtype, shape, data_offsets: [begin, end] } = result.data;
  const type = TYPES.get(dtype);
  if (type === undefined) {
    throw new CheckpointFault(
      `tensor '${name}' is stored as ${dtype}, and only ${[...TYPES.keys()].join(", ")} are read`,
    );
  }
  return { name, type, shape, begin, end };
}

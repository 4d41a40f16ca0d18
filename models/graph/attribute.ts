/**
 * Attributes of ONNX nodes.
 *
 * @module
 */
import type { MessageInitShape } from "../../lib/npm/protobuf.ts";
import { type AttributeProtoSchema, AttributeType } from "./onnx_pb.ts";

/** A whole number is an `int` attribute, a list of them `ints`; a float must say that it is one. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

/** The message of one attribute. */
export function attributeProto(
  name: string,
  value: AttributeValue,
): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof value === "number") return { name, type: AttributeType.INT, i: BigInt(value) };
  if (typeof value === "string") {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  return "float" in value
    ? { name, type: AttributeType.FLOAT, f: value.float }
    : { name, type: AttributeType.INTS, ints: value.map(BigInt) };
}

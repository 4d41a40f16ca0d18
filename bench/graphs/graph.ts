/**
 * Writes ONNX graphs, one node after the other.
 *
 * @module
 */
import { create, type MessageInitShape, toBinary } from "../../lib/npm/protobuf.ts";
import {
  type AttributeProtoSchema,
  AttributeType,
  DataType,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "./onnx_pb.ts";

/** What an attribute of a node can be here. */
export type AttributeValue = number | readonly number[];

/** A tensor that goes in or out: a word in its shape is a size that varies. */
export interface GraphTensor {
  readonly name: string;
  readonly type: "float32" | "int64";
  readonly shape: readonly (number | string)[];
}

/** An ONNX graph being written. Values are named by the node that makes them. */
export class OnnxGraph {
  readonly #nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  readonly #constants: MessageInitShape<typeof TensorProtoSchema>[] = [];

  /** Adds a constant; returns its name. */
  constant(data: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>, dims: readonly number[]) {
    const name = `constant_${this.#constants.length}`;
    this.#constants.push({
      name,
      dims: dims.map(BigInt),
      dataType: data instanceof Float32Array ? DataType.FLOAT : DataType.INT64,
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  }

  /** Adds a node; returns the name of its output. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = `${opType}_${this.#nodes.length}`,
  ): string {
    this.#nodes.push({
      name: output,
      opType,
      input: [...inputs],
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return output;
  }

  /** The file: IR version 8, operator set 17. */
  toBytes(inputs: readonly GraphTensor[], outputs: readonly GraphTensor[]) {
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 8n,
        producerName: "speechmill",
        opsetImport: [{ domain: "", version: 17n }],
        graph: {
          name: "graph",
          node: this.#nodes,
          initializer: this.#constants,
          input: inputs.map(valueInfo),
          output: outputs.map(valueInfo),
        },
      }),
    );
  }
}

/** A whole number becomes an `int` attribute, a list `ints`. */
function attribute(
  name: string,
  value: AttributeValue,
): MessageInitShape<typeof AttributeProtoSchema> {
  return typeof value === "number"
    ? { name, type: AttributeType.INT, i: BigInt(value) }
    : { name, type: AttributeType.INTS, ints: value.map(BigInt) };
}

function valueInfo(tensor: GraphTensor): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = tensor.shape.map((size) =>
    typeof size === "number"
      ? { value: { case: "dimValue" as const, value: BigInt(size) } }
      : { value: { case: "dimParam" as const, value: size } }
  );
  const elemType = tensor.type === "float32" ? DataType.FLOAT : DataType.INT64;
  return {
    name: tensor.name,
    type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } },
  };
}

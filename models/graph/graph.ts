/**
 * Writes ONNX graphs, one node after the other.
 *
 * The bytes depend on the calls alone: names are counted, nothing is sorted or dated.
 *
 * @module
 */
import { create, type MessageInitShape, toBinary } from "../../lib/npm/protobuf.ts";
import { attributeProto, type AttributeValue } from "./attribute.ts";
import {
  DataLocation,
  DataType,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "./onnx_pb.ts";
import { sizeOf, type Weight } from "./weight.ts";

/** What the graph computes with. Codes are `int64` always. */
export type Precision = "float32" | "float16";

/** A tensor that goes in or out: a word in its shape is a size that varies. */
export interface GraphTensor {
  readonly name: string;
  readonly type: "float32" | "int64";
  readonly shape: readonly (number | string)[];
}

/** A weight in its place in the graph's data file. */
export interface PlacedWeight {
  readonly weight: Weight;
  readonly precision: Precision;
  /** Bytes from the start of the data file. */
  readonly offset: number;
  readonly length: number;
}

/** Runtimes map the data file into memory; weights start where any number may. */
const ALIGNMENT = 64;

/** An ONNX graph being written: operator set 17, batch and length open. Values go by their names. */
export class OnnxGraph {
  readonly #nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  readonly #constants: MessageInitShape<typeof TensorProtoSchema>[] = [];
  readonly #weights = new Map<string, PlacedWeight>();
  readonly #inputs: GraphTensor[] = [];
  readonly #outputs: GraphTensor[] = [];
  #dataBytes = 0;
  /** What float constants and weights added from now on are stored as; see `to`. */
  precision: Precision;

  constructor(precision: Precision = "float32") {
    this.precision = precision;
  }

  /** The weights that the data file holds, in their order there. */
  get weights(): readonly PlacedWeight[] {
    return [...this.#weights.values()];
  }

  /** What goes in, in the order it was added. */
  get inputs(): readonly GraphTensor[] {
    return this.#inputs;
  }

  /** What comes out, in the order it was added. */
  get outputs(): readonly GraphTensor[] {
    return this.#outputs;
  }

  /** Adds an input. Floats come in as float32 whatever the graph computes with. */
  input(tensor: GraphTensor): string {
    this.#inputs.push(tensor);
    return tensor.type === "float32" && this.precision === "float16"
      ? this.node("Cast", [tensor.name], { to: DataType.FLOAT16 })
      : tensor.name;
  }

  /** Names a value as an output. Floats go out as float32. */
  output(tensor: GraphTensor, value: string): void {
    this.#outputs.push(tensor);
    const cast = tensor.type === "float32" && this.precision === "float16";
    this.node(cast ? "Cast" : "Identity", [value], cast ? { to: DataType.FLOAT } : {}, tensor.name);
  }

  /**
   * Goes on in another precision: casts a value to it, and stores constants in it from now on.
   * Quantisers compare distances in float32 even where the layers before them are float16.
   */
  to(precision: Precision, value: string): string {
    if (precision === this.precision) return value;
    this.precision = precision;
    return this.node("Cast", [value], { to: dataType(precision) });
  }

  /** Adds a weight; the same one twice is stored once. */
  weight(weight: Weight): string {
    const name = `${weight.name}:${this.precision}`;
    const known = this.#weights.get(name);
    if (known !== undefined) {
      if (known.weight.shape.join() !== weight.shape.join()) {
        throw new TypeError(`Cannot add weight '${weight.name}' twice, in two shapes`);
      }
      return name;
    }
    const length = sizeOf(weight.shape) * (this.precision === "float32" ? 4 : 2);
    const offset = Math.ceil(this.#dataBytes / ALIGNMENT) * ALIGNMENT;
    this.#weights.set(name, { weight, precision: this.precision, offset, length });
    this.#dataBytes = offset + length;
    return name;
  }

  /** Adds float constants, kept in the graph itself; a scalar has the shape []. */
  floats(values: Iterable<number>, shape: readonly number[]): string {
    const data = this.precision === "float32"
      ? Float32Array.from(values)
      : Float16Array.from(values);
    return this.#constant(dataType(this.precision), data, shape);
  }

  /** Adds int64 constants; without a shape, a list. */
  integers(values: Iterable<number>, shape?: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant(DataType.INT64, data, shape ?? [data.length]);
  }

  /** Adds a node of one output; returns that output's name. */
  node(
    operation: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = `${operation}_${this.#nodes.length}`,
  ): string {
    this.#add(operation, inputs, attributes, [output]);
    return output;
  }

  /** Adds a node of several outputs; returns their names. */
  nodes(
    operation: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: number,
  ): string[] {
    const stem = `${operation}_${this.#nodes.length}`;
    const names = Array.from({ length: outputs }, (_, i) => `${stem}_${i}`);
    this.#add(operation, inputs, attributes, names);
    return names;
  }

  /**
   * The graph's file, without the values of its weights.
   *
   * @param dataFile Name of the file beside it that holds them.
   */
  toBytes(dataFile = ""): Uint8Array<ArrayBuffer> {
    if (dataFile === "" && this.#weights.size > 0) {
      throw new TypeError("Cannot write a graph with weights: no data file is named");
    }
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 8n,
        producerName: "speechmill",
        opsetImport: [{ domain: "", version: 17n }],
        graph: {
          name: "graph",
          node: this.#nodes,
          initializer: [
            ...this.#constants,
            ...[...this.#weights].map(([name, placed]) => externalTensor(name, placed, dataFile)),
          ],
          input: this.#inputs.map(valueInfo),
          output: this.#outputs.map(valueInfo),
        },
      }),
    );
  }

  #add(
    operation: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: readonly string[],
  ): void {
    this.#nodes.push({
      name: outputs[0] ?? operation,
      opType: operation,
      input: [...inputs],
      output: [...outputs],
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
  }

  #constant(
    type: DataType,
    data: Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>,
    shape: readonly number[],
  ): string {
    if (data.length !== sizeOf(shape)) {
      throw new TypeError(`Cannot add ${data.length} constants as [${shape.join(", ")}]`);
    }
    const name = `constant_${this.#constants.length}`;
    this.#constants.push({
      name,
      dims: shape.map(BigInt),
      dataType: type,
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  }
}

function dataType(precision: Precision): DataType {
  return precision === "float32" ? DataType.FLOAT : DataType.FLOAT16;
}

function externalTensor(
  name: string,
  { weight, precision, offset, length }: PlacedWeight,
  location: string,
): MessageInitShape<typeof TensorProtoSchema> {
  return {
    name,
    dims: weight.shape.map(BigInt),
    dataType: dataType(precision),
    dataLocation: DataLocation.EXTERNAL,
    externalData: Object.entries({ location, offset, length })
      .map(([key, value]) => ({ key, value: String(value) })),
  };
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

import { create, type DescMessage, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { GraphProtoSchema, type ModelProto, ModelProtoSchema, TensorProtoSchema } from 'onnx-buf';
import { BYTES_PER_ELEMENT, type Constant, DATA_TYPE } from './tensor.js';

export interface Initializer {
  name: string;
  constant: Constant;
}

/**
 * Serialises a model in memory of just its size, and asks for the data of one constant at a time. `toBinary` writes into a buffer that it
 * doubles and copies, which for a large network takes several times its weights. Protobuf leaves the order of fields open: what is large comes
 * last.
 * @param model its graph without the initialisers.
 */
export function modelBytes(model: ModelProto, initializers: readonly Initializer[]): Uint8Array {
  const { graph, ...description } = model;
  const tensors = initializers.flatMap(tensorParts);
  const nodes = ready(toBinary(GraphProtoSchema, graph!));
  return joined([
    ready(toBinary(ModelProtoSchema, create(ModelProtoSchema, { ...description }))),
    ...field(ModelProtoSchema, 'graph', [nodes, ...tensors]),
  ]);
}

/** Bytes that are there only once they are asked for. */
interface Part {
  byteLength: number;
  read: () => Uint8Array;
}

const ready = (bytes: Uint8Array): Part => ({ byteLength: bytes.length, read: () => bytes });

/** ONNX stores raw data little-endian, as every machine that runs Node does. */
function tensorParts({ name, constant }: Initializer): Part[] {
  const { type, shape } = constant;
  const head = create(TensorProtoSchema, { name, dataType: DATA_TYPE[type], dims: shape.map(BigInt) });
  const raw: Part = {
    byteLength: shape.reduce((product, extent) => product * extent, BYTES_PER_ELEMENT[type]),
    read: () => {
      const { data } = constant;
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    },
  };
  return field(GraphProtoSchema, 'initializer', [
    ready(toBinary(TensorProtoSchema, head)),
    ...field(TensorProtoSchema, 'rawData', [raw]),
  ]);
}

/** A field of bytes or of a message, whose content is these parts one after another. */
function field<S extends DescMessage>(
  schema: S,
  name: keyof S['field'] & string,
  parts: readonly Part[],
): Part[] {
  const writer = new BinaryWriter().tag(schema.field[name]!.number, WireType.LengthDelimited);
  return [ready(writer.uint32(lengthOf(parts)).finish()), ...parts];
}

const lengthOf = (parts: readonly Part[]): number =>
  parts.reduce((total, { byteLength }) => total + byteLength, 0);

function joined(parts: readonly Part[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let offset = 0;
  for (const { byteLength, read } of parts) {
    whole.set(read(), offset);
    offset += byteLength;
  }
  return whole;
}

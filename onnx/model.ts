import { fromBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { unmet } from '../core/errors.js';
import { type Dimension, GraphBuilder, type GraphNode } from './graph.js';
import type { AttributeValue, Operator, Operators } from './operators.js';
import { type Constant, DATA_TYPE, type ElementType, type TensorData } from './tensor.js';
import { OPSET } from './version.js';

/** An input or an output of a graph, as a program that runs it sees it. */
export interface GraphValue {
  name: string;
  type: ElementType;
  shape: readonly Dimension[];
}

export interface GraphOutput extends Omit<GraphValue, 'shape'> {
  /** Null where nobody told. */
  shape: readonly Dimension[] | null;
}

/** A graph as plain data, to make another one of; its nodes are in an order in which they can be run. */
export interface Model {
  name: string;
  nodes: readonly GraphNode[];
  constants: ReadonlyMap<string, Constant>;
  inputs: readonly GraphValue[];
  outputs: readonly GraphOutput[];
  metadata: Readonly<Record<string, string>>;
  description: string;
}

/** A node whose operator knows its attributes; it bears the name of its output. */
export function graphNode<O extends Operator>(
  operator: O,
  inputs: readonly string[],
  output: string,
  attributes: Operators[O],
): GraphNode {
  return {
    operator,
    name: output,
    inputs,
    outputs: [output],
    attributes: attributes as Record<string, AttributeValue>,
  };
}

/**
 * Reads a graph as `GraphBuilder` writes it.
 * @throws TenfoldError `bad-input` for one of another opset, or with something that we never write.
 */
export function readModel(bytes: Uint8Array, source: string): Model {
  const model = parse(bytes, source);
  const { graph, opsetImport, metadataProps } = model;
  const opsets = opsetImport.map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`).join(', ');
  if (!graph || opsets !== `ai.onnx ${OPSET}`) {
    throw foreign(source, `opset ${OPSET} and no other`, opsets || 'none');
  }
  return {
    name: graph.name,
    nodes: graph.node.map(({ opType, name, input, output, attribute }) => ({
      operator: opType as Operator,
      name,
      inputs: input,
      outputs: output,
      attributes: Object.fromEntries(attribute.map((one) => [one.name, attributeValue(one, source)])),
    })),
    constants: new Map(graph.initializer.map((tensor) => [tensor.name, constantOf(tensor, source)])),
    inputs: graph.input.map((value) => edgeOf(value, source)),
    outputs: graph.output.map((value) => edgeOf(value, source)),
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
    description: graph.docString,
  };
}

/** The bytes of a graph; constants that nothing reads are left out. */
export function writeModel({
  name,
  nodes,
  constants,
  inputs,
  outputs,
  metadata,
  description,
}: Model): Uint8Array {
  const builder = new GraphBuilder(name);
  for (const { name: input, type, shape } of inputs) builder.input(input, type, shape);
  const read = new Set(nodes.flatMap((node) => node.inputs));
  for (const [constant, value] of constants) if (read.has(constant)) builder.initializer(constant, value);
  for (const node of nodes) builder.copy(node);
  for (const { name: output, type, shape } of outputs) builder.output(output, type, shape);
  return builder.build({ metadata: { ...metadata }, description });
}

function parse(bytes: Uint8Array, source: string): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw foreign(source, 'an ONNX model', (cause as Error).message);
  }
}

const foreign = (source: string, expected: string, got: string) =>
  unmet({
    code: 'bad-input',
    what: `the graph ${source}`,
    expected,
    got,
    advice: 'Only graphs that tenfold export wrote can be read: export the run again.',
  });

function attributeValue({ name, type, i, f, s, ints }: AttributeProto, source: string): AttributeValue {
  const values: Partial<Record<AttributeProto_AttributeType, AttributeValue>> = {
    [AttributeProto_AttributeType.INT]: Number(i),
    [AttributeProto_AttributeType.FLOAT]: f,
    [AttributeProto_AttributeType.STRING]: new TextDecoder().decode(s),
    [AttributeProto_AttributeType.INTS]: ints.map(Number),
  };
  const value = values[type];
  if (value === undefined) {
    throw foreign(
      source,
      'attributes that are numbers, lists of whole numbers or texts',
      `${name} of type ${type}`,
    );
  }
  return value;
}

const ELEMENT_TYPES = new Map(
  Object.entries(DATA_TYPE).map(([name, number]) => [Number(number), name as ElementType]),
);

function elementTypeOf(number: number, what: string, source: string): ElementType {
  const type = ELEMENT_TYPES.get(number);
  if (type === undefined)
    throw foreign(source, `one of ${Object.keys(DATA_TYPE).join(', ')} for ${what}`, `type ${number}`);
  return type;
}

/** The array that holds a tensor's raw bytes, which lie anywhere in the file's. */
const ARRAYS: { readonly [T in ElementType]: (buffer: ArrayBuffer) => TensorData } = {
  float32: (buffer) => new Float32Array(buffer),
  float64: (buffer) => new Float64Array(buffer),
  float16: (buffer) => new Uint16Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  bool: (buffer) => new Uint8Array(buffer),
  uint8: (buffer) => new Uint8Array(buffer),
};

function constantOf({ name, dataType, dims, rawData }: TensorProto, source: string): Constant {
  const type = elementTypeOf(dataType, name, source);
  const shape = dims.map(Number);
  const data = ARRAYS[type](new Uint8Array(rawData).buffer);
  const elements = shape.reduce((product, extent) => product * extent, 1);
  if (data.length !== elements) {
    throw foreign(source, `${elements} raw values for the constant ${name}`, `${data.length}`);
  }
  return { type, shape, data };
}

function edgeOf({ name, type }: ValueInfoProto, source: string): GraphValue {
  if (type?.value.case !== 'tensorType')
    throw foreign(source, `a tensor for ${name}`, type?.value.case ?? 'none');
  const { elemType, shape } = type.value.value;
  return {
    name,
    type: elementTypeOf(elemType, name, source),
    shape: (shape?.dim ?? []).map(({ value }) =>
      value.case === 'dimValue' ? Number(value.value) : (value.value ?? ''),
    ),
  };
}

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { type Initializer, modelBytes } from './model-bytes.js';
import { type AttributeValue, FLOAT_ATTRIBUTES, type Operator, type Operators } from './operators.js';
import { type Constant, DATA_TYPE, type ElementType } from './tensor.js';
import { IR_VERSION, OPSET } from './version.js';

/** A dimension: its size, or the name of one that is known at run time only. */
export type Dimension = number | string;

export interface NodeOptions {
  /** The node's name; its outputs are named after it. By default the operator and a number. */
  name?: string;
  outputs?: number;
}

/** One node as plain data; an absent optional input is `''`. */
export interface GraphNode {
  operator: Operator;
  name: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, AttributeValue>>;
}

export interface ModelOptions {
  /** What Netron and `metadata_props` show. */
  metadata?: Record<string, string>;
  description?: string;
}

function attributeProto(name: string, value: AttributeValue): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof value === 'string') {
    return { name, type: AttributeProto_AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (typeof value !== 'number') {
    return { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) };
  }
  return FLOAT_ATTRIBUTES.has(name)
    ? { name, type: AttributeProto_AttributeType.FLOAT, f: value }
    : { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) };
}

/** Collects the parts of one graph and serialises them; values are referred to by their names. */
export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #names = new Set<string>();

  constructor(readonly name: string) {}

  get nodeCount(): number {
    return this.#nodes.length;
  }

  /** Declares a graph input. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(this.#unique(name), type, shape));
    return name;
  }

  /** Adds a constant; returns the name that it got, `name` itself where that was free. */
  initializer(name: string, constant: Constant): string {
    const free = this.#free(name);
    this.#initializers.push({ name: this.#unique(free), constant });
    return free;
  }

  /** Appends a node with one output and returns that output's name; an absent optional input is `''`. */
  node<O extends Operator>(
    operator: O,
    inputs: readonly string[],
    attributes: Operators[O],
    options: Omit<NodeOptions, 'outputs'> = {},
  ): string {
    return this.nodes(operator, inputs, attributes, { ...options, outputs: 1 })[0]!;
  }

  /** Appends a node with several outputs and returns their names. */
  nodes<O extends Operator>(
    operator: O,
    inputs: readonly string[],
    attributes: Operators[O],
    { name = operator, outputs = 1 }: NodeOptions = {},
  ): string[] {
    const nodeName = this.#free(name);
    const output = Array.from({ length: outputs }, (_, index) =>
      index === 0 ? nodeName : `${nodeName}:${index}`,
    );
    const values = attributes as Record<string, AttributeValue>;
    this.copy({ operator, name: nodeName, inputs, outputs: output, attributes: values });
    return output;
  }

  /** Appends a node of another graph as it is: its outputs keep their names. */
  copy({ operator, name, inputs, outputs, attributes }: GraphNode): void {
    for (const output of outputs) this.#unique(output);
    this.#nodes.push(
      create(NodeProtoSchema, {
        name,
        opType: operator,
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
      }),
    );
  }

  /** Declares an existing value as a graph output; null is a shape that ONNX Runtime finds out. */
  output(name: string, type: ElementType, shape: readonly Dimension[] | null): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** The serialised ModelProto: the bytes of a `.onnx` file. */
  build({ metadata = {}, description = '' }: ModelOptions = {}): Uint8Array {
    const graph: GraphProto = create(GraphProtoSchema, {
      name: this.name,
      node: this.#nodes,
      input: this.#inputs,
      output: this.#outputs,
      docString: description,
    });
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: 'tenfold',
      opsetImport: [{ domain: '', version: BigInt(OPSET) }],
      graph,
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
    return modelBytes(model, this.#initializers);
  }

  #free(name: string): string {
    let candidate = name;
    for (let number = 1; this.#names.has(candidate); number++) candidate = `${name}_${number}`;
    return candidate;
  }

  #unique(name: string): string {
    if (this.#names.has(name)) throw new Error(`the graph already has a value named ${name}`);
    this.#names.add(name);
    return name;
  }
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[] | null): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: DATA_TYPE[type],
          ...(shape && { shape: { dim: shape.map(dimension) } }),
        },
      },
    },
  });
}

const dimension = (size: Dimension) =>
  typeof size === 'number'
    ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
    : { value: { case: 'dimParam' as const, value: size } };

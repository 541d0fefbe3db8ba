import { createHash } from 'node:crypto';
import { GraphBuilder } from '../onnx/graph.js';
import type { GraphValue } from '../onnx/model.js';
import { type Constant, float32 } from '../onnx/tensor.js';
import { isSame } from './arrangement.js';
import type { Kernel, Op, OpKinds, ValueId } from './intermediate.js';

export interface Port extends GraphValue {
  id: ValueId;
}

export interface Emission {
  /** The graph's name. */
  name: string;
  ops: readonly Op[];
  inputs: readonly Port[];
  /** Each is the output of one of the operations, which takes its name. */
  outputs: readonly Port[];
}

/** Names the constants of one graph; the same bytes stand in it once. */
class Constants {
  readonly #names = new Map<string, string>();
  readonly #kernels: { name: string; kernel: Kernel; shape: readonly number[] }[] = [];

  constructor(readonly builder: GraphBuilder) {}

  add(name: string, constant: Constant): string {
    const { buffer, byteOffset, byteLength } = constant.data;
    const digest = createHash('sha256')
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest('hex');
    const key = `${constant.type} ${constant.shape} ${digest}`;
    const known = this.#names.get(key) ?? this.builder.initializer(name, constant);
    this.#names.set(key, known);
    return known;
  }

  /** Here and in `kernel` alone are float64 weights rounded. */
  float(name: string, values: Float64Array): string {
    return this.add(name, float32(Float32Array.from(values), [values.length]));
  }

  /** Computed as the graph is built, one kernel at a time. */
  kernel(name: string, kernel: Kernel, shape: readonly number[]): string {
    const length = shape.reduce((product, extent) => product * extent, 1);
    const known = this.#kernels.find(
      (other) => isSame(other.shape, shape) && isEqual(other.kernel, kernel, length),
    );
    if (known) return known.name;
    const constant: Constant = {
      type: 'float32',
      shape,
      get data() {
        const data = new Float32Array(length);
        for (let index = 0; index < length; index++) data[index] = kernel(index);
        return data;
      },
    };
    const given = this.builder.initializer(name, constant);
    this.#kernels.push({ name: given, kernel, shape });
    return given;
  }
}

function isEqual(a: Kernel, b: Kernel, length: number): boolean {
  for (let index = 0; index < length; index++) if (a(index) !== b(index)) return false;
  return true;
}

/** What a rule writes with: the names of its inputs (constants included) and of its node. */
interface Target {
  builder: GraphBuilder;
  constants: Constants;
  inputs: readonly string[];
  name: string;
}

type EmitRule<K extends keyof OpKinds> = (op: OpKinds[K], target: Target) => string;

const EMITTERS: { readonly [K in keyof OpKinds]: EmitRule<K> } = {
  convolution: (op, { builder, constants, inputs, name }) => {
    const operands = [...inputs, constants.kernel(`${op.name}/kernel`, op.kernel, op.kernelShape)];
    if (op.bias) operands.push(constants.float(`${op.name}/bias`, op.bias));
    const { strides, pads, dilations, groups } = op;
    const kernel_shape = op.kernelShape.slice(2);
    return builder.node(
      'Conv',
      operands,
      { kernel_shape, strides, pads, dilations, group: groups },
      { name },
    );
  },
  transposedConvolution: (op, { builder, constants, inputs, name }) => {
    const operands = [...inputs, constants.kernel(`${op.name}/kernel`, op.kernel, op.kernelShape)];
    if (op.bias) operands.push(constants.float(`${op.name}/bias`, op.bias));
    const { strides, pads, outputPadding } = op;
    const kernel_shape = op.kernelShape.slice(2);
    const attributes = { kernel_shape, strides, pads, output_padding: outputPadding };
    return builder.node('ConvTranspose', operands, attributes, { name });
  },
  dense: (op, { builder, constants, inputs, name }) => {
    const operands = [...inputs, constants.kernel(`${op.name}/kernel`, op.kernel, op.kernelShape)];
    // ONNX Runtime 1.12 fuses a Gemm and the Relu behind it, and then refuses the one that has no bias.
    if (!op.bias) return builder.node('MatMul', operands, {}, { name });
    operands.push(constants.float(`${op.name}/bias`, op.bias));
    return builder.node('Gemm', operands, {}, { name });
  },
  // One node, and one pass over the values, where Mul and Add would be two.
  affine: (op, { builder, constants, inputs, name }) => {
    const channels = op.scale.length;
    const operands = [
      ...inputs,
      constants.float(`${op.name}/scale`, op.scale),
      constants.float(`${op.name}/shift`, op.shift),
      constants.float(`${op.name}/mean`, new Float64Array(channels)),
      constants.float(`${op.name}/variance`, new Float64Array(channels).fill(1)),
    ];
    return builder.node('BatchNormalization', operands, { epsilon: 0 }, { name });
  },
  node: (op, { builder, inputs, name }) => builder.node(op.operator, inputs, op.attributes, { name }),
};

function emitOp<K extends keyof OpKinds>(kind: K, op: OpKinds[K], target: Target): string {
  return EMITTERS[kind](op, target);
}

/** Writes a network as an ONNX graph; its nodes bear the names of their layers. */
export function emit({ name, ops, inputs: ports, outputs }: Emission): GraphBuilder {
  const builder = new GraphBuilder(name);
  const constants = new Constants(builder);
  const names = new Map<ValueId, string>(
    ports.map((port) => [port.id, builder.input(port.name, port.type, port.shape)]),
  );
  const reserved = new Map(outputs.map((output) => [output.id, output.name]));
  const taken = new Set(reserved.values());
  for (const op of ops) {
    const inputs = op.inputs.map((value) =>
      typeof value === 'number' ? names.get(value)! : constants.add(`${op.name}/constant`, value),
    );
    const own = taken.has(op.name) ? `${op.name}/layer` : op.name;
    const target = { builder, constants, inputs, name: reserved.get(op.output) ?? own };
    names.set(op.output, emitOp(op.kind, op, target));
  }
  for (const output of outputs) builder.output(output.name, output.type, output.shape);
  return builder;
}

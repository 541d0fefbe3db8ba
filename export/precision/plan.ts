import type { GraphNode } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import type { Operator } from '../../onnx/operators.js';
import { readersOf } from './readers.js';

/**
 * What ONNX Runtime does with rounded values: multiplies them with rounded weights, makes one of several, or only moves them, in which
 * case what comes out has the steps of what went in. What is not here works in float.
 */
const ROLES: { readonly [O in Operator]?: 'weighted' | 'combining' | 'moving' } = {
  Add: 'combining',
  AveragePool: 'combining',
  Concat: 'combining',
  Conv: 'weighted',
  Flatten: 'moving',
  Gemm: 'weighted',
  GlobalAveragePool: 'combining',
  MatMul: 'weighted',
  MaxPool: 'moving',
  Reshape: 'moving',
  Transpose: 'moving',
};

export interface QuantizationPlan {
  /** Values that are rounded to eight bits, each with the one whose steps it has: itself, or what it was moved from. */
  rounded: ReadonlyMap<string, string>;
  /** Nodes whose weights are. */
  weighted: ReadonlySet<GraphNode>;
}

/** Chooses what is rounded. @param floatNodes names of nodes with weights that are to stay as they are. */
export function planQuantization(model: Model, floatNodes: ReadonlySet<string>): QuantizationPlan {
  const readers = readersOf(model);
  const edges = new Set(model.outputs.map(({ name }) => name));
  const isWeighted = ({ operator, name, inputs }: GraphNode): boolean =>
    ROLES[operator] === 'weighted' &&
    !floatNodes.has(name) &&
    inputs.slice(1).every((input) => model.constants.get(input)?.type === 'float32');
  const weighted = new Set(model.nodes.filter(isWeighted));
  /** ONNX Runtime's integer kernels have the ReLU behind them as the lower end of their range. */
  const behindRelu = (output: string): string => {
    const [reader, ...others] = readers.get(output) ?? [];
    return reader?.operator === 'Relu' && others.length === 0 ? reader.outputs[0]! : output;
  };
  const rounded = new Map<string, string>();
  const round = (value: string, steps = value): void => {
    if (!edges.has(value) && !rounded.has(value)) rounded.set(value, steps);
  };
  for (const { inputs } of weighted) round(inputs[0]!);
  for (const node of model.nodes) {
    const inputs = node.inputs.filter((input) => input !== '' && !model.constants.has(input));
    const role = ROLES[node.operator];
    const [output] = node.outputs;
    if (weighted.has(node)) {
      // A matrix product can give float32, a convolution cannot.
      if (node.operator === 'Conv') round(behindRelu(output!));
    } else if (
      role === 'combining' &&
      inputs.length === node.inputs.length &&
      inputs.every((input) => rounded.has(input))
    ) {
      round(behindRelu(output!));
    } else if (role === 'moving' && rounded.has(inputs[0]!)) {
      rounded.delete(output!);
      round(output!, rounded.get(inputs[0]!)!);
    }
  }
  return { rounded, weighted };
}

/** Every value that is rounded under some choice of nodes that stay in float. */
export function roundableValues(model: Model): string[] {
  const { rounded } = planQuantization(model, new Set());
  const taken = model.nodes.filter(({ operator }) => operator in ROLES).map(({ inputs }) => inputs[0]!);
  return [...new Set([...rounded.keys(), ...taken])].filter((value) => !model.constants.has(value));
}

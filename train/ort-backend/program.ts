import { GraphBuilder } from '../../onnx/graph.js';
import type { Operator } from '../../onnx/operators.js';
import type { TensorData } from '../../onnx/tensor.js';
import { type Node, sameShape, type Value } from './value.js';

/** Everything that some values need, in an order in which it can be computed. */
export interface Program {
  /** Equal for programs that differ only in the data fed to them. */
  key: string;
  nodes: readonly Node[];
  /** The values to feed: each leaf once for every shape that it is used in. */
  inputs: readonly Value[];
  /** The values to fetch, each from a node. */
  outputs: readonly Value[];
}

/** A node of a model, by the name that ONNX Runtime knows it by. */
export interface BuiltNode {
  name: string;
  operator: Operator;
  attributes: {
    group?: number;
    kernel_shape?: readonly number[];
    pads?: readonly number[];
    strides?: readonly number[];
  };
  inputs: readonly (Value | null)[];
  outputCount: number;
}

export interface BuiltProgram {
  model: Uint8Array;
  nodes: BuiltNode[];
  /** In the order of the program's inputs. */
  inputNames: string[];
  outputNames: string[];
}

/** The data of a value that exists. */
export function leafData({ source }: Value): TensorData {
  if (source.kind !== 'leaf') throw new Error(`the value of a ${source.kind} has no data yet`);
  return source.data;
}

/** Walks back from `outputs` to leaves and constants, and describes the structure found. */
export function planProgram(outputs: readonly Value[]): Program {
  const nodes: Node[] = [];
  const inputs: Value[] = [];
  const numbers = new Map<object, number>();
  const lines: string[] = [];

  const reference = (value: Value | null): string => {
    if (!value) return '-';
    const { source, stored, type, output } = resolved(value);
    if (source.kind === 'node') return `n${numbers.get(source)}:${output}`;
    if (source.kind === 'fixed') return `c${source.identity}`;
    let number = inputNumber(inputs, value);
    if (number < 0) {
      number = inputs.push(value) - 1;
      lines.push(`i${number}=${type}[${stored}]`);
    }
    return `i${number}`;
  };

  for (const output of outputs) {
    for (const node of inOrder(output, numbers)) {
      lines.push(`${node.signature}/${node.outputCount}(${node.inputs.map(reference)})`);
      numbers.set(node, nodes.push(node) - 1);
    }
  }
  lines.push(`=> ${outputs.map(reference)}`);
  return { key: lines.join('\n'), nodes, inputs, outputs };
}

/** The value that is computed in the place of this one. */
function resolved(value: Value): Value {
  const replacement = value.source.kind === 'node' ? value.source.replacement : undefined;
  return replacement ? resolved(replacement) : value;
}

const inputNumber = (inputs: readonly Value[], { source, stored }: Value): number =>
  inputs.findIndex((input) => input.source === source && sameShape(input.stored, stored));

/** The nodes that `value` needs and that are not in `done`, each after its inputs. Not recursive: graphs are deep. */
function inOrder(value: Value, done: ReadonlyMap<object, number>): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  const visit = (candidate: Value | null | undefined) => {
    const node = candidate && resolved(candidate).source;
    if (node?.kind !== 'node' || seen.has(node) || done.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  };
  visit(value);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (top.next < top.node.inputs.length) {
      visit(top.node.inputs[top.next++]);
    } else {
      order.push(top.node);
      stack.pop();
    }
  }
  return order;
}

/** The program as an ONNX model. */
export function buildProgram({ nodes, inputs, outputs }: Program): BuiltProgram {
  const graph = new GraphBuilder('program');
  const names = new Map<object, string[]>();
  const inputNames = inputs.map(({ type, stored }, index) => graph.input(`input${index}`, type, stored));

  const nameOf = (value: Value | null): string => {
    if (!value) return '';
    const { source, output } = resolved(value);
    if (source.kind === 'leaf') return inputNames[inputNumber(inputs, value)]!;
    let known = names.get(source);
    if (!known && source.kind === 'fixed') {
      known = [graph.initializer('constant', source.constant)];
      names.set(source, known);
    }
    return known![output]!;
  };

  const built = nodes.map((node): BuiltNode => {
    const { operator, attributes, inputs, outputCount } = node;
    const outputs = graph.nodes(operator, inputs.map(nameOf), attributes, { outputs: outputCount });
    names.set(node, outputs);
    // A node is named after its first output.
    return { name: outputs[0]!, operator, attributes, inputs, outputCount };
  });
  const outputNames = outputs.map((value) => {
    const name = nameOf(value);
    graph.output(name, value.type, value.stored);
    return name;
  });
  return { model: graph.build(), nodes: built, inputNames, outputNames };
}

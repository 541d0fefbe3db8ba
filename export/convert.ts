import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import type { GraphValue } from '../onnx/model.js';
import { IR_VERSION, OPSET } from '../onnx/version.js';
import { channelsLeading, storedShape } from './arrangement.js';
import type { Draft } from './draft.js';
import { emit, type Port } from './emit.js';
import type { Op, PlainNode, Value, ValueId } from './intermediate.js';
import { atEdge, draftNetwork, perExample } from './network.js';
import { rewrite } from './rewrite.js';

/** A Layers model as an ONNX model. */
export interface Conversion {
  /** The bytes of the `.onnx` file. */
  bytes: Uint8Array;
  nodes: number;
  opset: number;
  irVersion: number;
}

export interface NetworkConversion extends Conversion {
  /** One for each of the model's, in their order. */
  inputs: readonly EdgeValue[];
  outputs: readonly EdgeValue[];
}

export interface EdgeValue extends GraphValue {
  /** For each dimension as stored, which one of the model's it is; none of them counts the batch. */
  axes: readonly number[];
}

export interface ClassifierConversion extends Conversion {
  /** What the Layers model itself gives: the graph has both. */
  modelOutput: 'logits' | 'probabilities';
}

export interface ConversionOptions {
  /** Becomes the graph's `metadata_props`. */
  metadata?: Record<string, string>;
  description?: string;
}

/**
 * Converts a digit classifier: `input` float32 `[batch, 1, 28, 28]` to `logits` and `probabilities`
 * float32 `[batch, 10]`. A model may end in a softmax, as a layer or an activation, or in the logits.
 * @throws TenfoldError `bad-input` where the model is not such a classifier, or has a layer or an option that is not
 * supported.
 */
export function convert(model: LayersModel, options: ConversionOptions = {}): ClassifierConversion {
  requireClassifier(model);
  const picture = channelsLeading([INPUT_SIDE, INPUT_SIDE, 1], 'channelsLast');
  const { draft, inputs, outputs } = draftNetwork(model, [picture]);
  const { ops, logits, probabilities, modelOutput } = classifierOutputs(draft, outputs[0]!);
  const graph = emit({
    name: model.name,
    ops: rewrite(ops, [logits.id, probabilities.id]),
    inputs: [portOf(inputs[0]!, 'input')],
    outputs: [portOf(logits, 'logits'), portOf(probabilities, 'probabilities')],
  });
  return { ...built(graph, options), modelOutput };
}

/**
 * Converts any Layers model. A feature map's channels come first in the graph's inputs and outputs, all else stands as Layers has it.
 * A lone input is called `input` and a lone output `output`, several bear the names of their layers.
 * @throws TenfoldError `bad-input` for a layer or an option that is not supported.
 */
export function convertNetwork(model: LayersModel, options: ConversionOptions = {}): NetworkConversion {
  const { draft, inputs, outputs: computed, dataFormat } = draftNetwork(model);
  const inputNames = portNames(model.inputs, 'input');
  const names = portNames(model.outputs, 'output', inputNames);
  const taken = new Set(inputs.map(({ id }) => id));
  const outputs = computed.map((value, index) => {
    const name = names[index]!;
    const { axes } = atEdge(value.shape, dataFormat);
    const floats = draft.asFloat(value, `${name}/float`);
    const ordered = floats.flattened
      ? draft.inLayersOrder(floats, `${name}/ordered`)
      : draft.arranged(floats, axes, `${name}/ordered`);
    // What no node gives, or another output already bears, needs a node of its own to bear the name.
    const output = taken.has(ordered.id) ? draft.node('Identity', [ordered], {}, { name }) : ordered;
    taken.add(output.id);
    return output;
  });
  const graph = emit({
    name: model.name,
    ops: rewrite(
      draft.ops,
      outputs.map(({ id }) => id),
    ),
    inputs: inputs.map((value, index) => portOf(value, inputNames[index]!)),
    outputs: outputs.map((value, index) => portOf(value, names[index]!)),
  });
  return {
    ...built(graph, options),
    inputs: inputs.map((value, index) => edgeOf(value, inputNames[index]!)),
    outputs: outputs.map((value, index) => edgeOf(value, names[index]!)),
  };
}

function portOf(value: Value, name: string): Port {
  return { id: value.id, name, type: value.type, shape: ['batch', ...storedShape(value)] };
}

function edgeOf(value: Value, name: string): EdgeValue {
  const { id: _, ...graphValue } = portOf(value, name);
  return { ...graphValue, axes: value.axes };
}

/** The names of a graph's inputs or outputs; what is taken already, as by another use of the same layer, gets a number. */
function portNames(
  tensors: readonly SymbolicTensor[],
  alone: string,
  taken: readonly string[] = [],
): string[] {
  if (tensors.length === 1) return [alone];
  const names: string[] = [];
  for (const { sourceLayer } of tensors) {
    let name = sourceLayer.name;
    for (let number = 1; [...taken, ...names].includes(name); number++)
      name = `${sourceLayer.name}_${number}`;
    names.push(name);
  }
  return names;
}

function built(graph: ReturnType<typeof emit>, options: ConversionOptions): Conversion {
  return { bytes: graph.build(options), nodes: graph.nodeCount, opset: OPSET, irVersion: IR_VERSION };
}

function requireClassifier(model: LayersModel): void {
  const input = only(model.inputs, 'inputs', model.name);
  if (perExample(input).reduce((product, extent) => product * extent, 1) !== INPUT_LENGTH) {
    throw unmet({
      code: 'bad-input',
      what: `the input of the model "${model.name}"`,
      expected: `[batch, ${INPUT_SIDE}, ${INPUT_SIDE}, 1]`,
      got: `[${input.shape.map((extent) => extent ?? 'batch').join(', ')}]`,
      advice: 'Only models of 28 x 28 pictures with one channel can become a bundle.',
    });
  }
  const output = only(model.outputs, 'outputs', model.name);
  const isRow = output.shape.length === 2 && output.shape[1] === CLASS_COUNT;
  if (!isRow) {
    throw unmet({
      code: 'bad-input',
      what: `the output of the model "${model.name}"`,
      expected: `[batch, ${CLASS_COUNT}]`,
      got: `[${output.shape.map((extent) => extent ?? 'batch').join(', ')}]`,
      advice: `End the model in a dense layer of ${CLASS_COUNT} units and a softmax.`,
    });
  }
}

function only(tensors: SymbolicTensor[], what: string, model: string): SymbolicTensor {
  const [first, ...others] = tensors;
  if (first && others.length === 0) return first;
  throw unmet({
    code: 'bad-input',
    what: `the ${what} of the model "${model}"`,
    expected: 'one',
    got: tensors.map(({ name }) => name).join(', '),
    advice: 'Only a model from one picture to one row of classes can become a bundle.',
  });
}

interface ClassifierOutputs {
  ops: readonly Op[];
  logits: Value;
  probabilities: Value;
  modelOutput: ClassifierConversion['modelOutput'];
}

/** What makes values of no range of their own of such values. A product does with constants alone. */
const LINEAR_OPERATORS: ReadonlySet<string> = new Set([
  'Add',
  'AveragePool',
  'Concat',
  'MaxPool',
  'Mean',
  'Mul',
  'Pad',
  'ReduceMax',
  'ReduceMean',
  'Resize',
  'Slice',
  'Squeeze',
  'Sum',
  'Tile',
  'Unsqueeze',
]);

/** What gives the values that it gets, under another shape or in another order. */
const MOVING_OPERATORS: ReadonlySet<string> = new Set(['Flatten', 'Gather', 'Reshape', 'Transpose']);

/** The operation that computes a value, seen through those that only move it. */
function originOf(ops: readonly Op[], id: ValueId): Op {
  const op = ops.find(({ output }) => output === id)!;
  const [source] = op.inputs;
  const moves = op.kind === 'node' && MOVING_OPERATORS.has(op.operator) && typeof source === 'number';
  return moves ? originOf(ops, source) : op;
}

const isLinear = ({ operator, inputs }: PlainNode): boolean =>
  operator === 'Mul'
    ? inputs.some((input) => typeof input !== 'number')
    : LINEAR_OPERATORS.has(operator) || MOVING_OPERATORS.has(operator);

/** The first operation, on all ways back to weights, that bends values into a range: what is made of it linearly is no logits. */
function bentBy(ops: readonly Op[], id: ValueId, seen = new Set<ValueId>()): PlainNode | undefined {
  const op = ops.find(({ output }) => output === id);
  const isSource = op?.kind !== 'affine' && (op?.kind !== 'node' || op.operator === 'MatMul');
  if (!op || isSource || seen.has(id)) return undefined;
  seen.add(id);
  if (op.kind === 'node' && !isLinear(op)) return op;
  const sources = op.inputs.filter((input) => typeof input === 'number');
  return sources.map((source) => bentBy(ops, source, seen)).find((bent) => bent !== undefined);
}

/** Over all classes at once: a softmax over parts of them gives no probabilities. */
function isSoftmaxOfClasses(op: Op): boolean {
  const isSoftmax = op.kind === 'node' && op.operator === 'Softmax' && 'axis' in op.attributes;
  return isSoftmax && op.shape[(op.attributes as { axis: number }).axis - 1] === CLASS_COUNT;
}

/** Parts the classifier's end into logits and the softmax over them, which is written anew in every case. */
function classifierOutputs(draft: Draft, output: Value): ClassifierOutputs {
  const last = originOf(draft.ops, output.id);
  const isSoftmax = isSoftmaxOfClasses(last);
  const bent = isSoftmax ? undefined : bentBy(draft.ops, output.id);
  if (bent) {
    throw unmet({
      code: 'bad-input',
      what: `the end of the model, the layer "${bent.name}"`,
      expected: 'a softmax, or a layer without activation that gives the logits',
      got: bent === last ? bent.operator : `${bent.operator}, of which "${last.name}" makes the output`,
      advice: 'End the model in a dense layer followed by a softmax.',
    });
  }
  const end = isSoftmax && last.output === output.id ? { ...output, id: last.inputs[0] as number } : output;
  const logits = draft.inLayersOrder(end, 'logits');
  const probabilities = draft.node('Softmax', [logits], { axis: 1 }, { name: 'probabilities' });
  return {
    ops: isSoftmax ? without(draft.ops, last) : draft.ops,
    logits,
    probabilities,
    modelOutput: isSoftmax ? 'probabilities' : 'logits',
  };
}

/** Leaves out an operation; what read it reads its input. */
function without(ops: readonly Op[], left: Op): Op[] {
  const source = left.inputs[0]!;
  return ops
    .filter((op) => op !== left)
    .map((op) => ({ ...op, inputs: op.inputs.map((input) => (input === left.output ? source : input)) }));
}

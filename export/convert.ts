import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import { IR_VERSION, OPSET } from '../onnx/version.js';
import type { Draft } from './draft.js';
import { emit } from './emit.js';
import { type Op, storedShape, type Value } from './intermediate.js';
import { draftNetwork, perExample } from './network.js';
import { rewrite } from './rewrite.js';

/** A Layers model as an ONNX model. */
export interface Conversion {
  /** The bytes of the `.onnx` file. */
  bytes: Uint8Array;
  nodes: number;
  opset: number;
  irVersion: number;
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
  const { draft, input, output } = draftNetwork(model, [INPUT_SIDE, INPUT_SIDE, 1]);
  const { ops, logits, probabilities, modelOutput } = classifierOutputs(draft, output);
  const shape = ['batch', CLASS_COUNT];
  const graph = emit({
    name: model.name,
    ops: rewrite(ops, [logits.id, probabilities.id]),
    input: { id: input.id, name: 'input', shape: ['batch', 1, INPUT_SIDE, INPUT_SIDE] },
    outputs: [
      { id: logits.id, name: 'logits', shape },
      { id: probabilities.id, name: 'probabilities', shape },
    ],
  });
  return { ...built(graph, options), modelOutput };
}

/**
 * Converts any network from `input` to `output`, both as the graph stores them: a feature map's channels come first.
 * @throws TenfoldError `bad-input` for a layer or an option that is not supported.
 */
export function convertNetwork(model: LayersModel, options: ConversionOptions = {}): Conversion {
  const { draft, input, output: computed } = draftNetwork(model);
  const ordered = draft.inLayersOrder(computed, 'output');
  // A network without a node, such as a lone Dropout, still needs one that bears the output's name.
  const output = ordered === input ? draft.node('Identity', [input], {}, { name: 'output' }) : ordered;
  const graph = emit({
    name: model.name,
    ops: rewrite(draft.ops, [output.id]),
    input: { id: input.id, name: 'input', shape: ['batch', ...storedShape(input.shape)] },
    outputs: [{ id: output.id, name: 'output', shape: ['batch', ...storedShape(output.shape)] }],
  });
  return built(graph, options);
}

function built(graph: ReturnType<typeof emit>, options: ConversionOptions): Conversion {
  return { bytes: graph.build(options), nodes: graph.nodeCount, opset: OPSET, irVersion: IR_VERSION };
}

function requireClassifier(model: LayersModel): void {
  const input = model.inputs[0]!;
  if (perExample(input).reduce((product, extent) => product * extent, 1) !== INPUT_LENGTH) {
    throw unmet({
      code: 'bad-input',
      what: `the input of the model "${model.name}"`,
      expected: `[batch, ${INPUT_SIDE}, ${INPUT_SIDE}, 1]`,
      got: `[${input.shape.map((extent) => extent ?? 'batch').join(', ')}]`,
      advice: 'Only models of 28 x 28 pictures with one channel can become a bundle.',
    });
  }
  const output = model.outputs[0]!;
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

interface ClassifierOutputs {
  ops: readonly Op[];
  logits: Value;
  probabilities: Value;
  modelOutput: ClassifierConversion['modelOutput'];
}

/** What can give logits: anything whose values are not bent into a range of their own. */
const LINEAR_OPERATORS: ReadonlySet<string> = new Set([
  'Add',
  'AveragePool',
  'Flatten',
  'MaxPool',
  'ReduceMax',
  'ReduceMean',
  'Reshape',
  'Sum',
]);

/** Parts the classifier's end into logits and the softmax over them, which is written anew in every case. */
function classifierOutputs(draft: Draft, output: Value): ClassifierOutputs {
  const last = draft.ops.find((op) => op.output === output.id)!;
  const isSoftmax = last.kind === 'node' && last.operator === 'Softmax';
  if (last.kind === 'node' && !isSoftmax && !LINEAR_OPERATORS.has(last.operator)) {
    throw unmet({
      code: 'bad-input',
      what: `the end of the model, the layer "${last.name}"`,
      expected: 'a softmax, or a layer without activation that gives the logits',
      got: last.operator,
      advice: 'End the model in a dense layer followed by a softmax.',
    });
  }
  const end = isSoftmax ? { ...output, id: last.inputs[0] as number } : output;
  const logits = draft.inLayersOrder(end, 'logits');
  const probabilities = draft.node('Softmax', [logits], { axis: 1 }, { name: 'probabilities' });
  return {
    ops: isSoftmax ? draft.ops.filter((op) => op !== last) : draft.ops,
    logits,
    probabilities,
    modelOutput: isSoftmax ? 'probabilities' : 'logits',
  };
}

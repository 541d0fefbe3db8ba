import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { Draft } from './draft.js';
import type { Value } from './intermediate.js';
import { convertLayer, requireSupported } from './layers/index.js';
import type { LayerCall, LayerClass } from './layers/layer-call.js';
import { reshaped } from './layers/shapes.js';

type Layer = layers.Layer;

/** A network drawn up from a Layers model, before any rewriting. */
export interface DraftedNetwork {
  draft: Draft;
  input: Value;
  output: Value;
}

/**
 * Draws up what a Layers model computes from its one input to its one output.
 * @param inputShape the shape that the graph's input shall have, `[height, width, channels]` or flat, without the batch;
 * by default the model's own. Another one with as many elements is reshaped.
 * @throws TenfoldError `bad-input` for several inputs or outputs, a layer class or an option that is not supported.
 */
export function draftNetwork(model: LayersModel, inputShape?: readonly number[]): DraftedNetwork {
  const modelInput = only(model.inputs, 'inputs', model.name);
  const modelOutput = only(model.outputs, 'outputs', model.name);
  const shape = perExample(modelInput);
  const draft = new Draft();
  const input = draft.input(inputShape ?? shape);
  const known = new Map([
    [modelInput.id, reshaped(draft, input, shape, `${modelInput.sourceLayer.name}/shaped`)],
  ]);
  return { draft, input, output: evaluate(modelOutput, known, draft) };
}

/** The shape of a symbolic tensor without the batch. */
export function perExample({ shape, sourceLayer }: SymbolicTensor): number[] {
  return shape.slice(1).map((extent) => {
    if (extent !== null) return extent;
    throw unmet({
      code: 'bad-input',
      what: `the output of the layer "${sourceLayer.name}"`,
      expected: 'a shape of which only the batch is open',
      got: `[${shape.map((size) => size ?? 'null')}]`,
      advice: 'Build the model with a fixed inputShape.',
    });
  });
}

/** Follows a symbolic tensor back to what is known, so that only what reaches the output is converted. */
function evaluate(tensor: SymbolicTensor, known: Map<number, Value>, draft: Draft): Value {
  const found = known.get(tensor.id);
  if (found) return found;
  const { sourceLayer: layer, nodeIndex, tensorIndex } = tensor;
  const inputs = layer.inboundNodes[nodeIndex]!.inputTensors.map((input) => evaluate(input, known, draft));
  const value = isModel(layer)
    ? evaluateNested(layer, inputs, tensorIndex, draft)
    : convertLayer(callOf(layer, inputs, perExample(tensor)), draft);
  known.set(tensor.id, value);
  return value;
}

/** A model used as a layer: its own tensors stand for other values in every use. */
function evaluateNested(model: LayersModel, inputs: Value[], outputIndex: number, draft: Draft): Value {
  const known = new Map(model.inputs.map(({ id }, index) => [id, inputs[index]!]));
  return evaluate(model.outputs[outputIndex]!, known, draft);
}

function isModel(layer: Layer): layer is LayersModel {
  return 'inputLayers' in layer;
}

function callOf(layer: Layer, inputs: Value[], outputShape: number[]): LayerCall<LayerClass> {
  const className = requireSupported(layer.getClassName(), layer.name);
  return {
    name: layer.name,
    className,
    // `getConfig` is typed as any JSON; what each class puts there is what LayerConfigs says.
    config: layer.getConfig() as unknown as LayerCall<LayerClass>['config'],
    inputs,
    outputShape,
    weight: (name) => {
      const variable = layer.weights.find(({ originalName }) => originalName.endsWith(`/${name}`))!;
      const tensor = variable.read();
      return { shape: tensor.shape, values: Float64Array.from(tensor.dataSync()) };
    },
  };
}

function only(tensors: SymbolicTensor[], what: string, model: string): SymbolicTensor {
  const [first, ...others] = tensors;
  if (first && others.length === 0) return first;
  throw unmet({
    code: 'bad-input',
    what: `the ${what} of the model "${model}"`,
    expected: 'one',
    got: tensors.map(({ name }) => name).join(', '),
    advice: 'Export a model from one picture to one row of classes.',
  });
}

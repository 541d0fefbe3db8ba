import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { placeOf } from '../core/topology.js';
import { type Arrangement, asLayers, channelsLeading, type DataFormat } from './arrangement.js';
import { Draft } from './draft.js';
import type { Value } from './intermediate.js';
import { convertLayer, requireSupported } from './layers/index.js';
import type { LayerCall, LayerClass } from './layers/layer-call.js';
import { reshaped } from './layers/shapes.js';

type Layer = layers.Layer;

/** A network drawn up from a Layers model, before any rewriting. */
export interface DraftedNetwork {
  draft: Draft;
  /** One for each of the model's, in their order. */
  inputs: readonly Value[];
  outputs: readonly Value[];
  dataFormat: DataFormat;
}

/**
 * Draws up what a Layers model computes.
 * @param given how the graph's inputs shall be shaped and stored; by default as the model has them, maps with their channels first.
 * Another shape with as many elements is reshaped.
 * @throws TenfoldError `bad-input` for a layer class or an option that is not supported.
 */
export function draftNetwork(model: LayersModel, given?: readonly Arrangement[]): DraftedNetwork {
  const draft = new Draft();
  const dataFormat = dataFormatOf(model);
  const inputs = model.inputs.map((tensor, index) =>
    draft.input(
      given?.[index] ?? atEdge(perExample(tensor), dataFormat),
      tensor.dtype === 'int32' ? 'int32' : 'float32',
    ),
  );
  const values = model.inputs.map((tensor, index) =>
    reshaped(draft, inputs[index]!, perExample(tensor), `${tensor.sourceLayer.name}/shaped`),
  );
  const outputs = evaluateModel({ draft, model, path: [model.name] }, values);
  return { draft, inputs, outputs, dataFormat };
}

/** How the graph stores its own inputs and outputs: maps with their channels first, all else as Layers has it. */
export function atEdge(shape: readonly number[], dataFormat: DataFormat): Arrangement {
  return shape.length === 3 ? channelsLeading(shape, dataFormat) : asLayers(shape);
}

/** The shape of a symbolic tensor without the batch. */
export function perExample({ shape, sourceLayer }: SymbolicTensor): number[] {
  return closed(shape, sourceLayer.name);
}

/** A model whose layers have the channels first gets and gives them so as well. */
function dataFormatOf(model: LayersModel): DataFormat {
  const isFirst = model.layers.some((layer) =>
    isModel(layer)
      ? dataFormatOf(layer) === 'channelsFirst'
      : layer.getConfig().dataFormat === 'channelsFirst',
  );
  return isFirst ? 'channelsFirst' : 'channelsLast';
}

/** One use of a model: the graph itself, or a nested one, whose tensors stand for other values in every use. */
interface Use {
  draft: Draft;
  model: LayersModel;
  /** The names of the models that this one is nested in, and its own. */
  path: readonly string[];
}

function evaluateModel(use: Use, inputs: readonly Value[]): Value[] {
  const known = new Map(use.model.inputs.map(({ id }, index) => [id, inputs[index]!]));
  return use.model.outputs.map((tensor) => evaluate(tensor, known, use));
}

/** Follows a symbolic tensor back to what is known, so that only what reaches an output is converted. */
function evaluate(tensor: SymbolicTensor, known: Map<number, Value>, use: Use): Value {
  const found = known.get(tensor.id);
  if (found) return found;
  const { sourceLayer: layer, nodeIndex, tensorIndex } = tensor;
  const { inputTensors, outputTensors } = layer.inboundNodes[nodeIndex]!;
  const inputs = inputTensors.map((input) => evaluate(input, known, use));
  const values = isModel(layer)
    ? evaluateModel({ draft: use.draft, model: layer, path: [...use.path, layer.name] }, inputs)
    : [convertLayer(callOf(layer, inputs, use), use.draft)];
  outputTensors.forEach(({ id }, index) => {
    known.set(id, values[index]!);
  });
  return values[tensorIndex]!;
}

function isModel(layer: Layer): layer is LayersModel {
  return 'inputLayers' in layer;
}

/** What some classes leave out of `getConfig()`, and read all the same. */
type Unsaved = Layer & { dataFormat?: DataFormat; dilationRate?: number[] };

function callOf(layer: Unsaved, given: readonly Value[], { draft, model, path }: Use): LayerCall<LayerClass> {
  const place = placeOf(model.layers.indexOf(layer), model.layers.length, path);
  const className = requireSupported(layer.getClassName(), layer.name, place);
  const name = [...path.slice(1), layer.name].join('/');
  const inputs =
    className === 'Embedding' ? given : given.map((input) => draft.asFloat(input, `${name}/float`));
  const { dataFormat, dilationRate } = layer;
  return {
    name,
    className,
    // `getConfig` is typed as any JSON; what each class puts there is what LayerConfigs says.
    config: { dataFormat, dilationRate, ...layer.getConfig() } as unknown as LayerCall<LayerClass>['config'],
    inputs,
    outputShape: outputShapeOf(layer, inputs),
    weight: (weight) => {
      const variable = layer.weights.find(({ originalName }) => originalName.endsWith(`/${weight}`))!;
      const { shape } = variable;
      const stored = variable.read().dataSync();
      return {
        shape: shape as number[],
        stored,
        get values() {
          return new Float64Array(stored);
        },
      };
    },
  };
}

/**
 * By the layer itself, for one example: symbolic tensors have other shapes where a CenterCrop changed them, and leave open what a
 * Reshape is to find out.
 */
function outputShapeOf(layer: Layer, inputs: readonly Value[]): number[] {
  const shapes = inputs.map(({ shape }) => [1, ...shape]);
  const [, ...shape] = layer.computeOutputShape(shapes.length === 1 ? shapes[0]! : shapes) as (
    | number
    | null
  )[];
  return closed([null, ...shape], layer.name);
}

function closed([, ...shape]: readonly (number | null)[], layer: string): number[] {
  return shape.map((extent) => {
    if (extent !== null && extent > 0) return extent;
    throw unmet({
      code: 'bad-input',
      what: `the output of the layer "${layer}"`,
      expected: 'a shape of which only the batch is open, and no other dimension empty',
      got: `[batch, ${shape.map((size) => size ?? 'null').join(', ')}]`,
      advice: 'Build the model with a fixed inputShape that its layers fit.',
    });
  });
}

import { float32 } from '../../onnx/tensor.js';
import { asLayers, storedAxis, storedOrder } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { activate } from './activations.js';
import { outputsFirst } from './convolution.js';
import { type Converter, inputOf, type LayerCall } from './layer-call.js';

/** A dense layer acts on the last dimension; how that is written depends on where the graph stores it. */
export const dense: Converter<'Dense'> = (call, draft) => {
  const { shape, axes } = inputOf(call);
  const isFirst = axes[0] === shape.length - 1;
  const apply = shape.length === 1 ? onFeatures : isFirst ? onChannels : onLast;
  return activate(call, draft, apply(call, draft));
};

type DenseRule = (call: LayerCall<'Dense'>, draft: Draft) => Value;

const biasOf = ({ config, weight }: LayerCall<'Dense'>) => (config.useBias ? weight('bias').values : null);

const onFeatures: DenseRule = (call, draft) => {
  const input = inputOf(call);
  const weight = call.weight('kernel');
  const [inputs, outputs] = weight.shape as [number, number];
  const rows = storedOrder(input.flattened ?? asLayers([inputs]));
  const kernel = (index: number) => {
    const column = index % outputs;
    return weight.stored[rows[(index - column) / outputs]! * outputs + column]!;
  };
  return draft.dense(input, {
    name: call.name,
    arrangement: asLayers(call.outputShape),
    kernel,
    kernelShape: [inputs, outputs],
    bias: biasOf(call),
  });
};

/** Stored first, it is a convolution of one pixel, in whatever order the others are. */
const onChannels: DenseRule = (call, draft) => {
  const input = inputOf(call);
  const weight = call.weight('kernel');
  const window = call.outputShape.slice(1).map(() => 1);
  return draft.convolution(input, {
    ...outputsFirst(weight, [...window, ...weight.shape]),
    name: call.name,
    arrangement: { shape: call.outputShape, axes: input.axes },
    bias: biasOf(call),
    strides: window,
    pads: window.flatMap(() => [0, 0]),
    dilations: window,
    groups: 1,
  });
};

const onLast: DenseRule = (call, draft) => {
  const input = inputOf(call);
  const isLast = storedAxis(input, -1) === input.shape.length;
  const rows = isLast ? input : draft.inLayersOrder(input, `${call.name}/ordered`);
  const { shape, values } = call.weight('kernel');
  const arrangement = { shape: call.outputShape, axes: rows.axes };
  const kernel = float32(Float32Array.from(values), shape);
  const bias = biasOf(call);
  const product = draft.node(
    'MatMul',
    [rows, kernel],
    {},
    {
      name: bias ? `${call.name}/product` : call.name,
      arrangement,
    },
  );
  if (!bias) return product;
  return draft.node(
    'Add',
    [product, float32(Float32Array.from(bias), [bias.length])],
    {},
    { name: call.name },
  );
};

import { float32 } from '../../onnx/tensor.js';
import type { Draft } from '../draft.js';
import { toStoredOrder, type Value } from '../intermediate.js';
import { activate } from './activations.js';
import { outputsFirst } from './convolution.js';
import { type Converter, inputOf, type LayerCall, unsupported } from './layer-call.js';

export const dense: Converter<'Dense'> = (call, draft) => {
  const { shape } = inputOf(call);
  const apply = BY_DIMENSIONS[shape.length - 1];
  if (!apply) throw unsupported(call, 'input', 'at most three dimensions beside the batch', `[${shape}]`);
  return activate(call, draft, apply(call, draft));
};

type DenseRule = (call: LayerCall<'Dense'>, draft: Draft) => Value;

const biasOf = ({ config, weight }: LayerCall<'Dense'>) => (config.useBias ? weight('bias').values : null);

/** A dense layer acts on the last dimension; how that is written depends on how many come before it. */
const BY_DIMENSIONS: readonly DenseRule[] = [
  (call, draft) => {
    const input = inputOf(call);
    const { shape, values } = call.weight('kernel');
    const [inputs, outputs] = shape as [number, number];
    const rows = toStoredOrder(
      Float64Array.from({ length: inputs }, (_, row) => row),
      input.flattened,
    );
    return draft.dense(input, {
      name: call.name,
      shape: call.outputShape,
      kernel: values.map(
        (_, index) => values[rows[Math.floor(index / outputs)]! * outputs + (index % outputs)]!,
      ),
      kernelShape: [inputs, outputs],
      bias: biasOf(call),
    });
  },
  (call, draft) => {
    const { shape, values } = call.weight('kernel');
    const kernel = float32(Float32Array.from(values), shape);
    const options = { name: call.name, shape: call.outputShape };
    const product = draft.node('MatMul', [inputOf(call), kernel], {}, options);
    const bias = biasOf(call);
    if (!bias) return product;
    const constant = float32(Float32Array.from(bias), [bias.length]);
    return draft.node('Add', [product, constant], {}, { ...options, name: `${call.name}/biased` });
  },
  // On a feature map it is a convolution of one pixel.
  (call, draft) => {
    const { shape, values } = call.weight('kernel');
    return draft.convolution(inputOf(call), {
      ...outputsFirst({ shape: [1, 1, ...shape], values }),
      name: call.name,
      shape: call.outputShape,
      bias: biasOf(call),
      strides: [1, 1],
      pads: [0, 0, 0, 0],
      dilations: [1, 1],
      groups: 1,
    });
  },
];

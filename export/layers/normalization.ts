import { float32 } from '../../onnx/tensor.js';
import type { Draft } from '../draft.js';
import { storedAxis, toStoredOrder, type Value } from '../intermediate.js';
import { type Converter, inputOf, requireLastAxis } from './layer-call.js';

/** `x * scale + shift`, one of each a feature, in Layers' order. */
function affine(draft: Draft, input: Value, name: string, scale: Float64Array, shift: Float64Array): Value {
  if (storedAxis(input, -1) === 1) {
    return draft.affine(input, {
      name,
      scale: toStoredOrder(scale, input.flattened),
      shift: toStoredOrder(shift, input.flattened),
    });
  }
  const constant = (values: Float64Array) => float32(Float32Array.from(values), [values.length]);
  const product = draft.node('Mul', [input, constant(scale)], {}, { name: `${name}/scaled` });
  return draft.node('Add', [product, constant(shift)], {}, { name });
}

/** At inference batch normalisation is affine, by the moving statistics. */
export const batchNormalization: Converter<'BatchNormalization'> = (call, draft) => {
  const input = inputOf(call);
  const { axis, epsilon, center, scale: scaled } = call.config;
  requireLastAxis(call, axis, input);
  const variance = call.weight('moving_variance').values;
  const mean = call.weight('moving_mean').values;
  const gamma = scaled ? call.weight('gamma').values : new Float64Array(mean.length).fill(1);
  const beta = center ? call.weight('beta').values : new Float64Array(mean.length);
  const scale = gamma.map((value, index) => value / Math.sqrt(variance[index]! + epsilon));
  const shift = beta.map((value, index) => value - mean[index]! * scale[index]!);
  return affine(draft, input, call.name, scale, shift);
};

export const rescaling: Converter<'Rescaling'> = (call, draft) => {
  const input = inputOf(call);
  const { scale, offset } = call.config;
  const features = input.shape.at(-1)!;
  const repeat = (value: number) => new Float64Array(features).fill(value);
  return affine(draft, input, call.name, repeat(scale), repeat(offset));
};

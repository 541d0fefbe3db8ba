import { float32 } from '../../onnx/tensor.js';
import { storedAxis, toStoredOrder } from '../intermediate.js';
import { type Converter, inputOf, requireLastAxis } from './layer-call.js';

/** At inference batch normalisation is `x * scale + shift` with the moving statistics. */
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
  if (storedAxis(input, -1) === 1) {
    return draft.affine(input, {
      name: call.name,
      scale: toStoredOrder(scale, input.flattened),
      shift: toStoredOrder(shift, input.flattened),
    });
  }
  const constant = (values: Float64Array) => float32(Float32Array.from(values), [values.length]);
  const product = draft.node('Mul', [input, constant(scale)], {}, { name: `${call.name}/scaled` });
  return draft.node('Add', [product, constant(shift)], {}, { name: call.name });
};

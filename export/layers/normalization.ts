import { float32 } from '../../onnx/tensor.js';
import { storedAxis, storedShape, toStoredOrder } from '../intermediate.js';
import { type Converter, inputOf } from './layer-call.js';

/** At inference batch normalisation is `x * scale + shift` with the moving statistics. */
export const batchNormalization: Converter<'BatchNormalization'> = (call, draft) => {
  const input = inputOf(call);
  const { axis, epsilon, center, scale: scaled } = call.config;
  const variance = call.weight('moving_variance').values;
  const mean = call.weight('moving_mean').values;
  const gamma = scaled ? call.weight('gamma').values : new Float64Array(mean.length).fill(1);
  const beta = center ? call.weight('beta').values : new Float64Array(mean.length);
  const scale = gamma.map((value, index) => value / Math.sqrt(variance[index]! + epsilon));
  const shift = beta.map((value, index) => value - mean[index]! * scale[index]!);
  const along = storedAxis(input, axis);
  if (along === 1) {
    return draft.affine(input, {
      name: call.name,
      scale: toStoredOrder(scale, input.flattened),
      shift: toStoredOrder(shift, input.flattened),
    });
  }
  const rank = storedShape(input.shape).length + 1;
  const shape = Array.from({ length: rank }, (_, dimension) => (dimension === along ? mean.length : 1));
  const product = draft.node(
    'Mul',
    [input, float32(Float32Array.from(scale), shape)],
    {},
    {
      name: `${call.name}/scaled`,
    },
  );
  return draft.node('Add', [product, float32(Float32Array.from(shift), shape)], {}, { name: call.name });
};

import { type Constant, float32 } from '../../onnx/tensor.js';
import { positiveAxis, storedAxis, toStoredOrder } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { type Converter, inputOf, requireLastAxis, requireNoBatchAxis, unsupported } from './layer-call.js';

/** `x * scale + shift`, one of each an element of the last dimension. */
function affine(draft: Draft, input: Value, name: string, scale: Float64Array, shift: Float64Array): Value {
  const channel = storedAxis(input, -1);
  if (channel === 1) {
    return draft.affine(input, {
      name,
      scale: toStoredOrder(scale, input.flattened),
      shift: toStoredOrder(shift, input.flattened),
    });
  }
  const trailing = input.shape.slice(channel).map(() => 1);
  const constant = (values: Float64Array): Constant =>
    float32(Float32Array.from(values), [values.length, ...trailing]);
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

/** ONNX normalises over the last dimensions: those of the layer are stored there, all others before them. */
export const layerNormalization: Converter<'LayerNormalization'> = (call, draft) => {
  const input = inputOf(call);
  const { epsilon, center, scale } = call.config;
  const dimensions = input.shape.length;
  if (dimensions > 3) {
    throw unsupported(
      call,
      'input',
      'at most three dimensions beside the batch, as TensorFlow.js',
      `[${input.shape}]`,
    );
  }
  const listed = [call.config.axis].flat();
  requireNoBatchAxis(call, listed, dimensions);
  const normalized = listed.map((axis) => positiveAxis(axis, dimensions) - 1).sort((a, b) => a - b);
  const others = input.axes.filter((axis) => !normalized.includes(axis));
  const last = draft.arranged(input, [...others, ...normalized], `${call.name}/last`);
  const shape = normalized.map((axis) => input.shape[axis]!);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const constant = (values: Float64Array): Constant =>
    float32(Float32Array.from(toStoredOrder(values, input.flattened)), shape);
  const operands = [last, constant(scale ? call.weight('gamma').values : new Float64Array(size).fill(1))];
  if (center) operands.push(constant(call.weight('beta').values));
  return draft.node(
    'LayerNormalization',
    operands,
    { axis: others.length + 1, epsilon },
    { name: call.name },
  );
};

export const rescaling: Converter<'Rescaling'> = (call, draft) => {
  const input = inputOf(call);
  const { scale, offset } = call.config;
  const features = input.shape.at(-1)!;
  const repeat = (value: number) => new Float64Array(features).fill(value);
  return affine(draft, input, call.name, repeat(scale), repeat(offset));
};

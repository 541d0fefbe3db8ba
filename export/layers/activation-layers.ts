import { float32 } from '../../onnx/tensor.js';
import { storedAxis, storedShape, toStoredOrder } from '../arrangement.js';
import { ACTIVATIONS } from './activations.js';
import { type Converter, inputOf, requireLastAxis, requireNoBatchAxis } from './layer-call.js';

export const reLU: Converter<'ReLU'> = (call, draft) => {
  const { maxValue } = call.config;
  return typeof maxValue === 'number'
    ? draft.node('Clip', [inputOf(call), float32([0]), float32([maxValue])], {}, { name: call.name })
    : ACTIVATIONS.relu(draft, inputOf(call), call.name);
};

export const leakyReLU: Converter<'LeakyReLU'> = (call, draft) =>
  draft.node('LeakyRelu', [inputOf(call)], { alpha: call.config.alpha }, { name: call.name });

/** TensorFlow.js builds the layer with an alpha of 1 only. */
export const eLU: Converter<'ELU'> = (call, draft) => ACTIVATIONS.elu(draft, inputOf(call), call.name);

export const thresholdedReLU: Converter<'ThresholdedReLU'> = (call, draft) =>
  draft.node('ThresholdedRelu', [inputOf(call)], { alpha: call.config.theta }, { name: call.name });

/** One slope for each element without the batch, or for each along the axes that are not shared. */
export const pReLU: Converter<'PReLU'> = (call, draft) => {
  const input = inputOf(call);
  const { shape, values } = call.weight('alpha');
  const isShared = values.length === 1;
  const order = isShared ? null : (input.flattened ?? { shape, axes: input.axes });
  const slope = float32(
    Float32Array.from(toStoredOrder(values, order)),
    storedShape({ shape, axes: input.axes }),
  );
  return draft.node('PRelu', [input, slope], {}, { name: call.name });
};

/** Along one axis TensorFlow.js takes the last only; along several together, `exp(x - log(sum(exp(x))))`, any. */
export const softmaxLayer: Converter<'Softmax'> = (call, draft) => {
  const input = inputOf(call);
  const { name, config } = call;
  if (typeof config.axis === 'number' || config.axis.length === 1) {
    requireLastAxis(call, config.axis, input);
    return ACTIVATIONS.softmax(draft, input, name);
  }
  requireNoBatchAxis(call, config.axis, input.shape.length);
  const axes = config.axis.map((axis) => storedAxis(input, axis)).sort((a, b) => a - b);
  const shape = input.shape.map((extent, axis) => (axes.includes(storedAxis(input, axis + 1)) ? 1 : extent));
  const logarithm = draft.node(
    'ReduceLogSumExp',
    [input],
    { axes, keepdims: 1 },
    { name: `${name}/log-sum`, arrangement: { shape, axes: input.axes } },
  );
  const logs = draft.node('Sub', [input, logarithm], {}, { name: `${name}/logs` });
  return draft.node('Exp', [logs], {}, { name });
};

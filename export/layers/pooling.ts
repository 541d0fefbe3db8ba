import { type Converter, inputOf, requireChannelsLast } from './layer-call.js';
import { windowPads } from './windows.js';

const UNDILATED = [1, 1] as const;

export const maxPooling2D: Converter<'MaxPooling2D'> = (call, draft) => {
  const { poolSize, strides } = call.config;
  const attributes = { kernel_shape: poolSize, strides, pads: windowPads(call, poolSize, UNDILATED) };
  return draft.node('MaxPool', [inputOf(call)], attributes, { name: call.name, shape: call.outputShape });
};

/** TensorFlow's mean leaves padded pixels out, as ONNX's does by default. */
export const averagePooling2D: Converter<'AveragePooling2D'> = (call, draft) => {
  const { poolSize, strides } = call.config;
  const attributes = { kernel_shape: poolSize, strides, pads: windowPads(call, poolSize, UNDILATED) };
  return draft.node('AveragePool', [inputOf(call)], attributes, { name: call.name, shape: call.outputShape });
};

export const globalAveragePooling2D: Converter<'GlobalAveragePooling2D'> = (call, draft) => {
  requireChannelsLast(call, call.config.dataFormat);
  return draft.node(
    'ReduceMean',
    [inputOf(call)],
    { axes: [2, 3], keepdims: 0 },
    {
      name: call.name,
      shape: call.outputShape,
    },
  );
};

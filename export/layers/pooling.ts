import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { type Converter, inputOf, type LayerCall, requireChannelsLast } from './layer-call.js';
import { windowPads } from './windows.js';

const UNDILATED = [1, 1] as const;

function pool(
  operator: 'AveragePool' | 'MaxPool',
  call: LayerCall<'AveragePooling2D' | 'MaxPooling2D'>,
  draft: Draft,
): Value {
  const { poolSize, strides } = call.config;
  const attributes = { kernel_shape: poolSize, strides, pads: windowPads(call, poolSize, UNDILATED) };
  return draft.node(operator, [inputOf(call)], attributes, { name: call.name, shape: call.outputShape });
}

export const maxPooling2D: Converter<'MaxPooling2D'> = (call, draft) => pool('MaxPool', call, draft);

/** TensorFlow's mean leaves padded pixels out, as ONNX's does by default. */
export const averagePooling2D: Converter<'AveragePooling2D'> = (call, draft) =>
  pool('AveragePool', call, draft);

function poolGlobally(
  operator: 'ReduceMax' | 'ReduceMean',
  call: LayerCall<'GlobalAveragePooling2D' | 'GlobalMaxPooling2D'>,
  draft: Draft,
): Value {
  requireChannelsLast(call, call.config.dataFormat);
  const options = { name: call.name, shape: call.outputShape };
  return draft.node(operator, [inputOf(call)], { axes: [2, 3], keepdims: 0 }, options);
}

export const globalAveragePooling2D: Converter<'GlobalAveragePooling2D'> = (call, draft) =>
  poolGlobally('ReduceMean', call, draft);

export const globalMaxPooling2D: Converter<'GlobalMaxPooling2D'> = (call, draft) =>
  poolGlobally('ReduceMax', call, draft);

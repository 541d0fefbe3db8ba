import { asLayers, channelsLeading, storedAxis } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { type Converter, inputOf, type LayerCall } from './layer-call.js';
import { dataFormatOf, windowInput, windowPads } from './windows.js';

type PoolingClass = 'AveragePooling1D' | 'AveragePooling2D' | 'MaxPooling1D' | 'MaxPooling2D';

/** TensorFlow's mean leaves padded pixels out, as ONNX's does by default. */
const pool =
  (operator: 'AveragePool' | 'MaxPool') =>
  (call: LayerCall<PoolingClass>, draft: Draft): Value => {
    const { poolSize, strides } = call.config;
    const undilated = poolSize.map(() => 1);
    const attributes = { kernel_shape: poolSize, strides, pads: windowPads(call, poolSize, undilated) };
    const arrangement = channelsLeading(call.outputShape, dataFormatOf(call));
    return draft.node(operator, [windowInput(call, draft)], attributes, { name: call.name, arrangement });
  };

export const maxPooling1D: Converter<'MaxPooling1D'> = pool('MaxPool');
export const maxPooling2D: Converter<'MaxPooling2D'> = pool('MaxPool');
export const averagePooling1D: Converter<'AveragePooling1D'> = pool('AveragePool');
export const averagePooling2D: Converter<'AveragePooling2D'> = pool('AveragePool');

type GlobalPooling2DClass = 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D';
type GlobalPooling1DClass = 'GlobalAveragePooling1D' | 'GlobalMaxPooling1D';

/** Over Layers' axes, wherever the graph stores them. */
function reduce(
  operator: 'ReduceMax' | 'ReduceMean',
  call: LayerCall<GlobalPooling1DClass | GlobalPooling2DClass>,
  axes: readonly number[],
  draft: Draft,
): Value {
  const input = inputOf(call);
  const stored = axes.map((axis) => storedAxis(input, axis)).sort((a, b) => a - b);
  const options = { name: call.name, arrangement: asLayers(call.outputShape) };
  return draft.node(operator, [input], { axes: stored, keepdims: 0 }, options);
}

const reduce2D =
  (operator: 'ReduceMax' | 'ReduceMean') =>
  (call: LayerCall<GlobalPooling2DClass>, draft: Draft): Value =>
    reduce(operator, call, call.config.dataFormat === 'channelsFirst' ? [2, 3] : [1, 2], draft);

const reduce1D =
  (operator: 'ReduceMax' | 'ReduceMean') =>
  (call: LayerCall<GlobalPooling1DClass>, draft: Draft): Value =>
    reduce(operator, call, [1], draft);

export const globalAveragePooling1D: Converter<'GlobalAveragePooling1D'> = reduce1D('ReduceMean');
export const globalAveragePooling2D: Converter<'GlobalAveragePooling2D'> = reduce2D('ReduceMean');
export const globalMaxPooling1D: Converter<'GlobalMaxPooling1D'> = reduce1D('ReduceMax');
export const globalMaxPooling2D: Converter<'GlobalMaxPooling2D'> = reduce2D('ReduceMax');

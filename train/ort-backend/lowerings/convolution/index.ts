import { backend_util } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../../lazy-graph.js';
import { sizeOf } from '../../value.js';
import { finish } from '../activation.js';
import { multiply } from '../elementwise.js';
import type { Table } from '../kernels.js';
import { beforePerChannel } from '../per-channel.js';
import { slice } from '../shape.js';
import { padToWindows } from '../windows.js';
import { DIRECT } from './direct.js';
import type { Info, Method } from './method.js';
import { suitsWindows, WINDOWS } from './windows.js';
import { suitsWinograd, WINOGRAD } from './winograd.js';

interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function describeConvolution(
  input: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode }: ConvolutionAttributes,
): Info {
  return padToWindows(
    backend_util.computeConv2DInfo(
      input as [number, number, number, number],
      filter as [number, number, number, number],
      strides,
      dilations,
      pad,
      dimRoundingMode,
      false,
      'channelsLast',
    ),
  );
}

/** From this batch on, products whose rows are batches are long enough to be fast. */
const SMALLEST_BATCH = 32;

/** Nothing comes of a picture that the filter does not fit in, and nothing depends on it. */
const NOTHING: Method = {
  forward: (graph, x, _filter, { outShape }) => graph.uniform(0, x.type, outShape),
  inputGradient: (graph, dy, _filter, { inShape }) => graph.uniform(0, dy.type, inShape),
  filterGradient: (graph, x, _dy, { filterShape }) => graph.uniform(0, x.type, filterShape),
};

/** Other devices have convolutions of their own. */
function methodFor({ isForCpu }: LazyGraph, info: Info): Method {
  if (sizeOf(info.outShape) === 0) return NOTHING;
  if (!isForCpu || info.batchSize < SMALLEST_BATCH) return DIRECT;
  if (suitsWinograd(info)) return WINOGRAD;
  return suitsWindows(info) ? WINDOWS : DIRECT;
}

/** What scales a gradient's channels (batch normalisation's gain) scales the filter's instead, which is far smaller. */
export const CONVOLUTION: Table<'Conv2D' | 'Conv2DBackpropFilter' | 'Conv2DBackpropInput' | 'FusedConv2D'> = {
  Conv2D: (graph, { x, filter }, attributes) => {
    const info = describeConvolution(x.shape, filter.shape, attributes);
    return methodFor(graph, info).forward(graph, x, filter, info);
  },
  Conv2DBackpropFilter: (graph, { x, dy }, attributes) => {
    const info = describeConvolution(x.shape, attributes.filterShape, attributes);
    const { picture, numbers } = beforePerChannel(graph, dy, 'Mul');
    // TensorFlow.js's gradients forget the rounding: they leave out windows that came by it.
    const covered = slice(graph, picture, [0, 0, 0, 0], info.outShape);
    const gradient = methodFor(graph, info).filterGradient(graph, x, covered, info);
    return numbers ? multiply(graph, gradient, numbers) : gradient;
  },
  Conv2DBackpropInput: (graph, { dy, filter }, attributes) => {
    const info = describeConvolution(attributes.inputShape, filter.shape, attributes);
    const { picture, numbers } = beforePerChannel(graph, dy, 'Mul');
    const kernel = numbers ? multiply(graph, filter, numbers) : filter;
    // A transposed convolution to less than its input is spread over takes as much as it covers.
    const covered = slice(graph, picture, [0, 0, 0, 0], info.outShape);
    return methodFor(graph, info).inputGradient(graph, covered, kernel, info);
  },
  FusedConv2D: (graph, { x, filter, ...rest }, attributes) => {
    const info = describeConvolution(x.shape, filter.shape, attributes);
    return finish(graph, methodFor(graph, info).forward(graph, x, filter, info), rest, attributes);
  },
};

import { backend_util } from '@tensorflow/tfjs-core';
import { unmet } from '../../../core/errors.js';
import { int64 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { finish } from './activation.js';
import { filterGradient } from './filter-gradient.js';
import type { Table } from './kernels.js';
import { padToWindows } from './windows.js';

type Info = backend_util.Conv2DInfo;

interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function describeConvolution(
  input: readonly number[],
  filter: readonly number[],
  { strides, pad, dataFormat, dilations = 1, dimRoundingMode }: ConvolutionAttributes,
): Info {
  if (dataFormat !== 'NHWC') {
    throw unmet({
      code: 'bad-input',
      what: 'the data format of a convolution on the onnxruntime backend',
      expected: 'NHWC',
      got: dataFormat,
      advice: 'Transpose the input: the backend keeps images channels-first in memory by itself.',
    });
  }
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

const pads = ({ padInfo: { top, left, bottom, right } }: Info) => [top, left, bottom, right];

const imageShape = ({ batchSize, outHeight, outWidth, outChannels }: Info) => ({
  shape: [batchSize, outHeight, outWidth, outChannels],
  stored: [batchSize, outChannels, outHeight, outWidth],
  layout: 'channels-first' as const,
});

const inputShape = ({ batchSize, inHeight, inWidth, inChannels }: Info) => ({
  shape: [batchSize, inHeight, inWidth, inChannels],
  stored: [batchSize, inChannels, inHeight, inWidth],
  layout: 'channels-first' as const,
});

/** `[height, width, in, out]` in another order of its axes. */
function filterAs(graph: LazyGraph, filter: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => filter.shape[axis]!);
  return graph.emit('Transpose', [graph.logical(filter)], { perm }, { shape });
}

/** `[out, in, height, width]`, as Conv takes it. */
const forwardFilter = (graph: LazyGraph, filter: Value) => filterAs(graph, filter, [3, 2, 0, 1]);

function convolve(graph: LazyGraph, x: Value, filter: Value, info: Info, bias?: Value): Value {
  const inputs = [
    graph.channelsFirst(x),
    forwardFilter(graph, filter),
    ...(bias ? [graph.logical(bias)] : []),
  ];
  const attributes = {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: pads(info),
  };
  return graph.emit('Conv', inputs, attributes, imageShape(info));
}

const isPlain = (info: Info) =>
  info.strideHeight === 1 && info.strideWidth === 1 && info.dilationHeight === 1 && info.dilationWidth === 1;

/** The gradient for the input: where the stride is 1, a convolution with the filter turned around. */
function inputGradient(graph: LazyGraph, dy: Value, filter: Value, info: Info): Value {
  const { filterHeight, filterWidth, inChannels, outChannels, padInfo } = info;
  const gradient = graph.channelsFirst(dy);
  if (isPlain(info)) {
    const taps = filterHeight * filterWidth;
    const turned = graph.emit(
      'Gather',
      [
        graph.view(graph.logical(filter), [taps, inChannels, outChannels]),
        graph.fixed(int64(Array.from({ length: taps }, (_, tap) => taps - 1 - tap))),
      ],
      { axis: 0 },
      { shape: [taps, inChannels, outChannels] },
    );
    const shape = [filterHeight, filterWidth, inChannels, outChannels];
    const kernel = filterAs(graph, graph.view(turned, shape), [2, 3, 0, 1]);
    const [top, left] = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
    const [bottom, right] = [filterHeight - 1 - padInfo.bottom, filterWidth - 1 - padInfo.right];
    if (Math.min(top, left, bottom, right) >= 0) {
      const attributes = { kernel_shape: [filterHeight, filterWidth], pads: [top, left, bottom, right] };
      return graph.emit('Conv', [gradient, kernel], attributes, inputShape(info));
    }
  }
  const [height, width] = [grown(info, 'Height'), grown(info, 'Width')];
  const attributes = {
    kernel_shape: [filterHeight, filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: pads(info),
    output_padding: [info.inHeight - height, info.inWidth - width],
  };
  return graph.emit('ConvTranspose', [gradient, forwardFilter(graph, filter)], attributes, inputShape(info));
}

/** What ConvTranspose makes of the output's extent without padding it; rows that no window reached are missing. */
function grown(info: Info, side: 'Height' | 'Width'): number {
  const { top, bottom, left, right } = info.padInfo;
  const padding = side === 'Height' ? top + bottom : left + right;
  return info[`stride${side}`] * (info[`out${side}`] - 1) + info[`effectiveFilter${side}`] - padding;
}

export const CONVOLUTION: Table<'Conv2D' | 'Conv2DBackpropFilter' | 'Conv2DBackpropInput' | 'FusedConv2D'> = {
  Conv2D: (graph, { x, filter }, attributes) =>
    convolve(graph, x, filter, describeConvolution(x.shape, filter.shape, attributes)),
  Conv2DBackpropFilter: (graph, { x, dy }, attributes) =>
    filterGradient(graph, x, dy, describeConvolution(x.shape, attributes.filterShape, attributes)),
  Conv2DBackpropInput: (graph, { dy, filter }, attributes) =>
    inputGradient(graph, dy, filter, describeConvolution(attributes.inputShape, filter.shape, attributes)),
  FusedConv2D: (graph, { x, filter, bias, ...rest }, attributes) => {
    const info = describeConvolution(x.shape, filter.shape, attributes);
    const isVector = bias?.shape.length === 1 && bias.shape[0] === info.outChannels;
    const result = convolve(graph, x, filter, info, isVector ? bias : undefined);
    return finish(graph, result, isVector ? rest : { bias, ...rest }, attributes);
  },
};

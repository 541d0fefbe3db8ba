import { backend_util, util } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { finish } from './activation.js';
import { number, zeros } from './elementwise.js';
import type { Table } from './kernels.js';
import { slice } from './shape.js';
import { ofAllWindows, padToWindows, withAllWindows } from './windows.js';

type Info = backend_util.Conv2DInfo;
type Quad = [number, number, number, number];

interface DepthwiseAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dilations?: [number, number] | number | null;
  dataFormat?: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function describe(
  input: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations: given, dataFormat = 'NHWC', dimRoundingMode }: DepthwiseAttributes,
): Info {
  util.assert(
    dataFormat === 'NHWC',
    () => `Error in depthwiseConv2d: only NHWC is supported. Got ${dataFormat}`,
  );
  const dilations = given ?? 1;
  util.assert(
    backend_util.eitherStridesOrDilationsAreOne(strides, dilations),
    () => `Error in depthwiseConv2d: either strides (${strides}) or dilations (${dilations}) must be 1.`,
  );
  const info = backend_util.computeConv2DInfo(
    input as Quad,
    filter as Quad,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  return padToWindows(info);
}

const windows = (info: Info) => ({
  kernel_shape: [info.filterHeight, info.filterWidth],
  strides: [info.strideHeight, info.strideWidth],
  dilations: [info.dilationHeight, info.dilationWidth],
  pads: [info.padInfo.top, info.padInfo.left, info.padInfo.bottom, info.padInfo.right],
  group: info.inChannels,
});

const picture = (stored: readonly [number, number, number, number]) => ({
  shape: [stored[0], stored[2], stored[3], stored[1]],
  stored,
  layout: 'channels-first' as const,
});

/** Whether the filter does not fit in the picture: nothing comes of it, and nothing depends on it. */
const isNothing = ({ outShape }: Info): boolean => sizeOf(outShape) === 0;

/** `[height, width, in, multiplier]` -> `[in * multiplier, 1, height, width]`, as grouped convolutions take it. */
function grouped(graph: LazyGraph, filter: Value): Value {
  const [height, width, channels, multiplier] = filter.shape as Quad;
  const shape = [channels, multiplier, height, width];
  const turned = graph.emit('Transpose', [graph.logical(filter)], { perm: [2, 3, 0, 1] }, { shape });
  return graph.view(turned, [channels * multiplier, 1, height, width]);
}

function convolve(graph: LazyGraph, x: Value, filter: Value, info: Info): Value {
  if (isNothing(info)) return zeros(graph, { ...x, shape: info.outShape });
  const { batchSize, outChannels, outHeight, outWidth } = withAllWindows(info);
  const inputs = [graph.channelsFirst(x), grouped(graph, filter)];
  const output = picture([batchSize, outChannels, outHeight, outWidth]);
  return slice(graph, graph.emit('Conv', inputs, windows(info), output), [0, 0, 0, 0], info.outShape);
}

function inputGradient(graph: LazyGraph, dy: Value, filter: Value, counted: Info): Value {
  if (isNothing(counted)) return zeros(graph, { ...dy, shape: counted.inShape });
  const info = withAllWindows(counted);
  const { batchSize, inChannels, inHeight, inWidth, padInfo } = info;
  const grown = [
    info.strideHeight * (info.outHeight - 1) + info.effectiveFilterHeight - padInfo.top - padInfo.bottom,
    info.strideWidth * (info.outWidth - 1) + info.effectiveFilterWidth - padInfo.left - padInfo.right,
  ] as const;
  const attributes = { ...windows(info), output_padding: [inHeight - grown[0], inWidth - grown[1]] };
  const inputs = [graph.channelsFirst(ofAllWindows(graph, dy, info)), grouped(graph, filter)];
  return graph.emit('ConvTranspose', inputs, attributes, picture([batchSize, inChannels, inHeight, inWidth]));
}

/**
 * For each channel `[multiplier, positions] x [positions, taps]`: what each tap of the filter met, times the output's
 * gradient, summed over batch and space.
 */
function filterGradient(graph: LazyGraph, x: Value, dy: Value, info: Info): Value {
  if (isNothing(info)) return zeros(graph, { ...x, shape: info.filterShape });
  const { batchSize, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  const multiplier = info.outChannels / inChannels;
  const positions = batchSize * outHeight * outWidth;
  const taps = filterHeight * filterWidth;
  const { top, bottom, left, right } = padInfo;
  const image = channelsOutermost(graph, x, [inChannels, batchSize, info.inHeight, info.inWidth]);
  const shape = [inChannels, batchSize, info.inHeight + top + bottom, info.inWidth + left + right];
  const pads = graph.ints(0, 0, top, left, 0, 0, bottom, right);
  const padded = graph.emit('Pad', [image, pads, number(graph, 0, image)], {}, { shape });
  const met = Array.from({ length: taps }, (_, tap) => {
    const row = Math.floor(tap / filterWidth) * info.dilationHeight;
    const column = (tap % filterWidth) * info.dilationWidth;
    const bounds = [
      graph.ints(row, column),
      graph.ints(
        row + (outHeight - 1) * info.strideHeight + 1,
        column + (outWidth - 1) * info.strideWidth + 1,
      ),
      graph.ints(2, 3),
      graph.ints(info.strideHeight, info.strideWidth),
    ];
    const cut = graph.emit(
      'Slice',
      [padded, ...bounds],
      {},
      {
        shape: [inChannels, batchSize, outHeight, outWidth],
      },
    );
    return graph.view(cut, [inChannels, positions, 1]);
  });
  const windowsMet = graph.emit('Concat', met, { axis: 2 }, { shape: [inChannels, positions, taps] });
  const gradient = channelsOutermost(graph, dy, [info.outChannels, batchSize, outHeight, outWidth]);
  const products = graph.emit(
    'MatMul',
    [graph.view(gradient, [inChannels, multiplier, positions]), windowsMet],
    {},
    { shape: [inChannels, multiplier, taps] },
  );
  const turned = graph.emit(
    'Transpose',
    [products],
    { perm: [2, 0, 1] },
    {
      shape: [taps, inChannels, multiplier],
    },
  );
  return graph.view(turned, [filterHeight, filterWidth, inChannels, multiplier]);
}

/** A picture as `[channels, batch, height, width]`. */
const channelsOutermost = (graph: LazyGraph, x: Value, shape: readonly number[]): Value => {
  const { stored, ...image } = graph.channelsFirst(x);
  const planes = { ...image, stored, shape: stored, layout: 'logical' as const };
  return graph.emit('Transpose', [planes], { perm: [1, 0, 2, 3] }, { shape });
};

export const DEPTHWISE: Table<
  | 'DepthwiseConv2dNative'
  | 'DepthwiseConv2dNativeBackpropFilter'
  | 'DepthwiseConv2dNativeBackpropInput'
  | 'FusedDepthwiseConv2D'
> = {
  DepthwiseConv2dNative: (graph, { x, filter }, attributes) =>
    convolve(graph, x, filter, describe(x.shape, filter.shape, attributes)),
  DepthwiseConv2dNativeBackpropFilter: (graph, { x, dy }, attributes) =>
    filterGradient(graph, x, dy, describe(x.shape, attributes.filterShape, attributes)),
  DepthwiseConv2dNativeBackpropInput: (graph, { dy, filter }, attributes) =>
    inputGradient(graph, dy, filter, describe(attributes.inputShape, filter.shape, attributes)),
  FusedDepthwiseConv2D: (graph, { x, filter, ...rest }, attributes) => {
    const result = convolve(graph, x, filter, describe(x.shape, filter.shape, attributes));
    return finish(graph, result, rest, attributes);
  },
};

import { backend_util } from '@tensorflow/tfjs-core';
import { float32 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sameShape, sizeOf, type Value } from '../value.js';
import { multiply, number, zeros } from './elementwise.js';
import type { Table } from './kernels.js';
import { maxPoolOf } from './max-pool.js';
import { type Matrix, mapPlane, matrix, transposed } from './separable.js';
import { padToWindows, withAllWindows } from './windows.js';

type Info = backend_util.Conv2DInfo;

interface PoolAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function describePool(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): Info {
  const image = shape as [number, number, number, number];
  return padToWindows(
    backend_util.computePool2DInfo(image, filterSize, strides, 1, pad, dimRoundingMode, 'channelsLast'),
  );
}

/** TensorFlow.js's gradients leave out how the pool rounded; the shape of what it gave tells. */
function describeGradient(dy: Value, { shape }: Value, attributes: PoolAttributes): Info {
  const infos = [
    attributes,
    ...(['ceil', 'round'] as const).map((dimRoundingMode) => ({ ...attributes, dimRoundingMode })),
  ].map((each) => describePool(shape, each));
  return infos.find(({ outShape }) => sameShape(outShape, dy.shape)) ?? infos[0]!;
}

/** Whether the padding is as wide as a window, which ONNX's pools do not take. */
const isWide = ({ filterHeight, filterWidth, padInfo: { top, bottom, left, right } }: Info): boolean =>
  Math.max(top, bottom) >= filterHeight || Math.max(left, right) >= filterWidth;

/** Whether ONNX's operators do not take these windows, or others too. */
const isBeyondOperator = (info: Info): boolean => isWide(info) || withAllWindows(info) !== info;

/** What windows reach of a picture and its padding, of which nothing is a maximum, as numbers of its own. */
function bordered(graph: LazyGraph, x: Value, info: Info): { picture: Value; inner: Info } {
  const inHeight = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const inWidth = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const inShape: Info['inShape'] = [info.batchSize, inHeight, inWidth, info.inChannels];
  const least = number(graph, Number.NEGATIVE_INFINITY, x);
  const sides = graph.ints(...sidesOf(info.inShape, inShape, info));
  const padInfo = { ...info.padInfo, top: 0, left: 0, bottom: 0, right: 0 };
  return {
    picture: graph.emit('Pad', [graph.logical(x), sides, least], {}, { shape: inShape }),
    inner: { ...info, inShape, inHeight, inWidth, padInfo },
  };
}

/** What is added around a picture for it to have another shape; below 0 where it is cut off. */
function sidesOf(from: readonly number[], to: readonly number[], { padInfo: { top, left } }: Info): number[] {
  return [0, top, left, 0, 0, to[1]! - from[1]! - top, to[2]! - from[2]! - left, 0];
}

const windows = ({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Info) => ({
  kernel_shape: [filterHeight, filterWidth],
  strides: [strideHeight, strideWidth],
  pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
});

const imageShape = (shape: readonly number[]) => {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return { shape, stored: [batch, channels, height, width], layout: 'channels-first' as const };
};

/** The mean of each window along one axis, as a map of the axis; of a window that holds nothing `ofNone` of everything. */
const means = (
  size: number,
  windows: number,
  extent: number,
  stride: number,
  before: number,
  ofNone: number,
): Matrix => {
  const counts = coverage(windows, stride, extent, before, size);
  return matrix(windows, size, (window, place) => {
    if (counts[window]! <= 0) return ofNone;
    const tap = place + before - window * stride;
    return tap >= 0 && tap < extent ? 1 / counts[window]! : 0;
  });
};

/** Pools of one element change nothing, also where padding would move them: as TensorFlow.js has it. */
const isIdentity = ({ filterHeight, filterWidth, inShape, outShape }: Info): boolean =>
  filterHeight === 1 && filterWidth === 1 && sameShape(inShape, outShape);

/** The means along the height and along the width: for a picture that lies batch-last, a pool is a map of each. */
const meanMaps = (info: Info, ofNone: number) => ({
  down: means(info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top, ofNone),
  across: means(info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left, ofNone),
});

function mapBatchLast(graph: LazyGraph, x: Value, shape: readonly number[], down: Matrix, across: Matrix) {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const plane = mapPlane(graph, graph.batchLast(x), batch * channels, down, across);
  return graph.view(plane, [height, width, channels, batch], { shape, layout: 'batch-last' });
}

/** How many elements of the picture each window holds: padding does not count, in TensorFlow. */
function averagePoolGradient(graph: LazyGraph, dy: Value, info: Info): Value {
  const { filterHeight, filterWidth, inChannels, inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const rows = coverage(outHeight, info.strideHeight, filterHeight, padInfo.top, inHeight);
  const columns = coverage(outWidth, info.strideWidth, filterWidth, padInfo.left, inWidth);
  const shares = rows.flatMap((row) => columns.map((column) => 1 / (row * column)));
  const share = {
    ...graph.fixed(float32(shares, [1, 1, outHeight, outWidth])),
    layout: 'channels-first' as const,
  };
  const shared = multiply(graph, graph.channelsFirst(dy), { ...share, shape: [1, outHeight, outWidth, 1] });
  const ones = graph.fixed(
    float32(new Float32Array(inChannels * filterHeight * filterWidth).fill(1), [
      inChannels,
      1,
      filterHeight,
      filterWidth,
    ]),
  );
  const grown = [
    info.strideHeight * (outHeight - 1) + filterHeight - padInfo.top - padInfo.bottom,
    info.strideWidth * (outWidth - 1) + filterWidth - padInfo.left - padInfo.right,
  ] as const;
  const attributes = {
    ...windows(info),
    group: inChannels,
    output_padding: [inHeight - grown[0], inWidth - grown[1]],
  };
  return graph.emit('ConvTranspose', [graph.full(shared), ones], attributes, imageShape(info.inShape));
}

function coverage(count: number, stride: number, extent: number, before: number, size: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const start = index * stride - before;
    return Math.min(size, start + extent) - Math.max(0, start);
  });
}

export const POOL: Table<'AvgPool' | 'AvgPoolGrad' | 'MaxPool' | 'MaxPoolGrad'> = {
  AvgPool: (graph, { x }, attributes) => {
    const info = describePool(x.shape, attributes);
    if (isIdentity(info)) return x;
    if (sizeOf(info.outShape) === 0) return zeros(graph, { ...x, shape: info.outShape });
    if (x.layout === 'batch-last' || isBeyondOperator(info)) {
      const { down, across } = meanMaps(info, Number.NaN);
      return mapBatchLast(graph, x, info.outShape, down, across);
    }
    return graph.emit('AveragePool', [graph.channelsFirst(x)], windows(info), imageShape(info.outShape));
  },
  AvgPoolGrad: (graph, { dy, input }, attributes) => {
    const info = describeGradient(dy, input, attributes);
    if (sizeOf(dy.shape) === 0) return zeros(graph, input);
    if (dy.layout !== 'batch-last' && !isBeyondOperator(info)) return averagePoolGradient(graph, dy, info);
    const { down, across } = meanMaps(info, 0);
    return mapBatchLast(graph, dy, info.inShape, transposed(down), transposed(across));
  },
  MaxPool: (graph, { x }, attributes) => {
    const info = describePool(x.shape, attributes);
    if (isIdentity(info)) return x;
    if (sizeOf(info.outShape) === 0) return zeros(graph, { ...x, shape: info.outShape });
    // ONNX's operator does not take int32; float64 holds all of them.
    const numbers = x.type === 'int32' ? graph.cast(x, 'float64') : x;
    const { picture, inner } = isBeyondOperator(info)
      ? bordered(graph, numbers, info)
      : { picture: numbers, inner: info };
    return graph.cast(maxPoolOf(picture).forward(graph, picture, inner), x.type);
  },
  MaxPoolGrad: (graph, { dy, input }, attributes) => {
    const info = describeGradient(dy, input, attributes);
    if (sizeOf(dy.shape) === 0) return zeros(graph, input);
    if (!isBeyondOperator(info)) return maxPoolOf(input).gradient(graph, dy, input, info);
    const { picture, inner } = bordered(graph, input, info);
    const gradient = maxPoolOf(picture).gradient(graph, dy, picture, inner);
    const sides = sidesOf(info.inShape, inner.inShape, info).map((added) => -added);
    return graph.emit('Pad', [graph.logical(gradient), graph.ints(...sides)], {}, { shape: input.shape });
  },
};

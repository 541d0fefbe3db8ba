import { backend_util } from '@tensorflow/tfjs-core';
import { float32 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { multiply } from './elementwise.js';
import type { Table } from './kernels.js';
import { padToWindows } from './windows.js';

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

const windows = ({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Info) => ({
  kernel_shape: [filterHeight, filterWidth],
  strides: [strideHeight, strideWidth],
  pads: [padInfo.top, padInfo.left, padInfo.bottom, padInfo.right],
});

const imageShape = (shape: readonly number[]) => {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return { shape, stored: [batch, channels, height, width], layout: 'channels-first' as const };
};

const maxPool = (graph: LazyGraph, x: Value, info: Info): Value =>
  graph.emit('MaxPool', [graph.channelsFirst(x)], windows(info), imageShape(info.outShape));

/**
 * Each window's gradient goes to the place of its maximum (the first of equal ones), which the forward pool names in
 * its second output. Windows that do not overlap fill each place once, which MaxUnpool does; others add.
 */
function maxPoolGradient(graph: LazyGraph, dy: Value, x: Value, info: Info): Value {
  const indices = graph.sibling(maxPool(graph, x, info), 1, 'int64');
  const gradient = graph.channelsFirst(dy);
  const image = imageShape(x.shape);
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { top, left, bottom, right } = info.padInfo;
  const isPadded = top + left + bottom + right > 0;
  // MaxUnpool knows no padding.
  if (!isPadded && strideHeight >= filterHeight && strideWidth >= filterWidth) {
    const shape = graph.ints(...image.stored);
    const attributes = { kernel_shape: [filterHeight, filterWidth], strides: [strideHeight, strideWidth] };
    return graph.emit('MaxUnpool', [gradient, indices, shape], attributes, image);
  }
  const size = sizeOf(x.shape);
  const zeros = graph.full(graph.uniform(0, 'float32', [size]));
  const flat = [sizeOf(dy.shape)];
  const inputs = [zeros, graph.view(indices, flat), graph.view(gradient, flat)];
  const scattered = graph.emit('ScatterElements', inputs, { axis: 0, reduction: 'add' }, { shape: [size] });
  return graph.view(scattered, image.stored, image);
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
    return graph.emit('AveragePool', [graph.channelsFirst(x)], windows(info), imageShape(info.outShape));
  },
  AvgPoolGrad: (graph, { dy, input }, attributes) =>
    averagePoolGradient(graph, dy, describePool(input.shape, attributes)),
  MaxPool: (graph, { x }, attributes) => maxPool(graph, x, describePool(x.shape, attributes)),
  MaxPoolGrad: (graph, { dy, input }, attributes) =>
    maxPoolGradient(graph, dy, input, describePool(input.shape, attributes)),
};

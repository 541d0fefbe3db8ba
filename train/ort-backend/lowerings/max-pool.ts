import type { backend_util } from '@tensorflow/tfjs-core';
import { int64 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import {
  add,
  beforeRelu,
  elementwise,
  finite,
  GREATEST,
  multiply,
  number,
  stepOfRectified,
  subtract,
  unary,
  where,
} from './elementwise.js';
import { constant, matrix } from './separable.js';

type Info = backend_util.Conv2DInfo;

interface MaxPool {
  forward(graph: LazyGraph, x: Value, info: Info): Value;
  /** Each window's gradient goes to the place of its maximum, the first of equal ones. */
  gradient(graph: LazyGraph, dy: Value, x: Value, info: Info): Value;
}

const imageShape = (shape: readonly number[]) => {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return { shape, stored: [batch, channels, height, width], layout: 'channels-first' as const };
};

const isPadded = ({ padInfo: { top, left, bottom, right } }: Info): boolean =>
  top + left + bottom + right > 0;

/** ONNX's own operator, whose second output names the places of the maxima. */
function pooled(graph: LazyGraph, x: Value, info: Info): Value {
  const attributes = {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    pads: [info.padInfo.top, info.padInfo.left, info.padInfo.bottom, info.padInfo.right],
  };
  return graph.emit('MaxPool', [graph.channelsFirst(x)], attributes, imageShape(info.outShape));
}

/**
 * -Infinity where a window of float32 has nothing greater than the least finite number: there ONNX Runtime begins, at the edges of padded
 * pictures and in volumes.
 */
export function withoutStart(graph: LazyGraph, maxima: Value): Value {
  const isStart = elementwise(graph, 'Equal', [maxima, number(graph, -GREATEST, maxima)], 'bool');
  return where(graph, isStart, number(graph, Number.NEGATIVE_INFINITY, maxima), maxima);
}

const CHANNELS_FIRST: MaxPool = {
  forward: (graph, x, info) => {
    const maxima = pooled(graph, x, info);
    return isPadded(info) && x.type === 'float32' && !beforeRelu(graph, x)
      ? withoutStart(graph, maxima)
      : maxima;
  },
  gradient: (graph, dy, x, info) => {
    const indices = graph.sibling(pooled(graph, x, info), 1, 'int64');
    const gradient = graph.channelsFirst(dy);
    const image = imageShape(x.shape);
    const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
    // MaxUnpool knows no padding, and fills each place once.
    if (!isPadded(info) && strideHeight >= filterHeight && strideWidth >= filterWidth) {
      const shape = graph.ints(...image.stored);
      const attributes = { kernel_shape: [filterHeight, filterWidth], strides: [strideHeight, strideWidth] };
      return graph.emit('MaxUnpool', [gradient, indices, shape], attributes, image);
    }
    const size = sizeOf(x.shape);
    const zeros = graph.full(graph.uniform(0, 'float32', [size]));
    const flat = [sizeOf(dy.shape)];
    const inputs = [zeros, graph.view(indices, flat), graph.view(gradient, flat)];
    const attributes = { axis: 0, reduction: 'add' } as const;
    const scattered = graph.emit('ScatterElements', inputs, attributes, { shape: [size] });
    return graph.view(scattered, image.stored, image);
  },
};

/** The windows along one axis. */
interface Axis {
  size: number;
  /** For each tap, where in the axis each window has it; what lies outside is the nearest place inside. */
  taps: number[][];
  stride: number;
  /** The windows begin side by side, one stride long, at the axis' beginning, and their strides cover it. */
  isCovered: boolean;
}

const isTiled = ({ taps, stride, isCovered }: Axis): boolean => isCovered && taps.length === stride;

function axis(size: number, windows: number, extent: number, stride: number, before: number): Axis {
  const place = (tap: number, window: number) =>
    Math.min(size - 1, Math.max(0, window * stride + tap - before));
  const taps = Array.from({ length: extent }, (_, tap) =>
    Array.from({ length: windows }, (_, window) => place(tap, window)),
  );
  const isCovered = before === 0 && stride <= extent && windows * stride === size;
  return { size, taps, stride, isCovered };
}

const across = ({ inWidth, outWidth, filterWidth, strideWidth, padInfo }: Info) =>
  axis(inWidth, outWidth, filterWidth, strideWidth, padInfo.left);
const down = ({ inHeight, outHeight, filterHeight, strideHeight, padInfo }: Info) =>
  axis(inHeight, outHeight, filterHeight, strideHeight, padInfo.top);

/** One tap of every window: `[outer, size, run]` -> `[outer, windows, run]`. */
function tapOf(graph: LazyGraph, x: Value, { taps }: Axis, tap: number): Value {
  const [outer, , run] = x.shape as [number, number, number];
  const places = taps[tap]!;
  const indices = graph.fixed(int64(places));
  return graph.emit('Gather', [x, indices], { axis: 1 }, { shape: [outer, places.length, run] });
}

/** The maximum of each window along the middle axis. */
function maximum(graph: LazyGraph, x: Value, along: Axis): Value {
  const [outer, , run] = x.shape as [number, number, number];
  const windows = along.taps[0]!.length;
  const shape = [outer, windows, run];
  if (isTiled(along)) {
    const tiles = graph.view(x, [outer * windows, along.taps.length, run]);
    const reduced = { shape: [outer * windows, run] };
    return graph.view(graph.emit('ReduceMax', [tiles], { axes: [1], keepdims: 0 }, reduced), shape);
  }
  return along.taps
    .map((_, tap) => tapOf(graph, x, along, tap))
    .reduce((greatest, next) => graph.emit('Max', [greatest, next], {}, { shape }));
}

/**
 * Back along one axis: a tap that equals the maximum takes the gradient unless an earlier one has taken it. An infinite maximum
 * counts as the greatest number, or its difference from itself would be none.
 */
function toMaximum(graph: LazyGraph, x: Value, maximum: Value, dy: Value, along: Axis): Value {
  let left = dy;
  const greatest = finite(graph, maximum);
  const shares = along.taps.map((_, tap) => {
    if (tap === along.taps.length - 1) return left;
    const isLess = stepOfRectified(graph, subtract(graph, greatest, tapOf(graph, x, along, tap)));
    const rest = multiply(graph, left, isLess);
    const share = subtract(graph, left, rest);
    left = rest;
    return share;
  });
  return along.isCovered ? interleaved(graph, shares, along) : toPlaces(graph, shares, along);
}

/**
 * The sum of the taps' shares `[outer, windows, run]` at each place, `[outer, size, run]`. The shares of what lies outside
 * are 0: an earlier tap has the place that stands for it.
 */
function interleaved(graph: LazyGraph, shares: readonly Value[], { size, stride }: Axis): Value {
  const [outer, windows, run] = shares[0]!.shape as [number, number, number];
  const phases = Array.from({ length: stride }, (_, phase) => {
    const sum = shares
      .filter((_, tap) => tap % stride === phase)
      .map((share, strides) => delayed(graph, share, strides))
      .reduce((sum, share) => add(graph, sum, share));
    return graph.view(sum, [outer * windows, 1, run]);
  });
  const shape = [outer * windows, stride, run];
  return graph.view(graph.emit('Concat', phases, { axis: 1 }, { shape }), [outer, size, run]);
}

/** Moved so many places along the middle axis, with zeros before. */
function delayed(graph: LazyGraph, x: Value, places: number): Value {
  if (places === 0) return x;
  return graph.emit('Pad', [x, graph.ints(0, places, 0, 0, -places, 0)], {}, { shape: x.shape });
}

/** As {@link interleaved}, for windows that lie anywhere. */
function toPlaces(graph: LazyGraph, shares: readonly Value[], { size, taps }: Axis): Value {
  const [outer, windows, run] = shares[0]!.shape as [number, number, number];
  const places = taps.flat();
  const map = matrix(size, places.length, (place, share) => Number(places[share] === place));
  const gathered = graph.emit(
    'Concat',
    shares,
    { axis: 1 },
    { shape: [outer, windows * shares.length, run] },
  );
  return graph.emit('MatMul', [constant(graph, map), gathered], {}, { shape: [outer, size, run] });
}

/** The picture, and its maxima along the width, then along the height too; each as `[outer, axis, run]`. */
function maxima(graph: LazyGraph, x: Value, info: Info) {
  const { inHeight, inWidth, outWidth, inChannels, batchSize } = info;
  const run = inChannels * batchSize;
  const picture = graph.view(graph.batchLast(x), [inHeight, inWidth, run]);
  const alongWidth = maximum(graph, picture, across(info));
  const lines = graph.view(alongWidth, [1, inHeight, outWidth * run]);
  return { picture, alongWidth, lines, alongBoth: maximum(graph, lines, down(info)) };
}

/**
 * A pool along the width, then one along the height: whole runs of memory are compared. What was rectified is pooled before it
 * is rectified, which gives the same from fewer numbers, and so does its gradient.
 */
const BATCH_LAST: MaxPool = {
  forward: (graph, x, info) => {
    const linear = beforeRelu(graph, x);
    if (linear) return unary(graph, 'Relu', BATCH_LAST.forward(graph, linear, info), {});
    const [batch, height, width, channels] = info.outShape;
    const image = { shape: info.outShape, layout: 'batch-last' } as const;
    return graph.view(maxima(graph, x, info).alongBoth, [height, width, channels, batch], image);
  },
  gradient: (graph, dy, x, info) => {
    const linear = beforeRelu(graph, x);
    if (linear) {
      const step = stepOfRectified(graph, BATCH_LAST.forward(graph, x, info));
      const gradient = BATCH_LAST.gradient(graph, multiply(graph, dy, step), linear, info);
      graph.markMasked(gradient, x);
      return gradient;
    }
    const { picture, alongWidth, lines, alongBoth } = maxima(graph, x, info);
    const gradient = graph.view(graph.batchLast(dy), alongBoth.shape);
    const ofLines = toMaximum(graph, lines, alongBoth, gradient, down(info));
    const ofWidth = graph.view(ofLines, alongWidth.shape);
    const ofPicture = toMaximum(graph, picture, alongWidth, ofWidth, across(info));
    const image = { shape: x.shape, layout: 'batch-last' } as const;
    const gradientOfPicture = graph.view(ofPicture, graph.batchLast(x).stored, image);
    graph.markSums(gradientOfPicture, dy);
    return gradientOfPicture;
  },
};

/** How to pool a picture where it lies. */
export const maxPoolOf = ({ layout }: Value): MaxPool =>
  layout === 'batch-last' ? BATCH_LAST : CHANNELS_FIRST;

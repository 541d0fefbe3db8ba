import { float32 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { add, multiply, subtract } from './elementwise.js';
import type { Table } from './kernels.js';

interface Sampling {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

/** For each place along a resized axis, the two places it lies between and how far it is from the lower one, 0 ... 1. */
interface Between {
  low: number[];
  high: number[];
  fraction: number[];
}

/** The scale of an axis, as TensorFlow reckons it. */
const scaleOf = (from: number, to: number, alignCorners: boolean): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

function between(from: number, to: number, { alignCorners, halfPixelCenters }: Sampling): Between {
  const scale = scaleOf(from, to, alignCorners);
  const source = Array.from({ length: to }, (_, place) =>
    halfPixelCenters ? scale * (place + 0.5) - 0.5 : scale * place,
  );
  const low = source.map((at) => Math.max(0, Math.floor(at)));
  return {
    low,
    high: source.map((at) => Math.min(from - 1, Math.ceil(at))),
    fraction: source.map((at, place) => at - low[place]!),
  };
}

function nearest(from: number, to: number, { alignCorners, halfPixelCenters }: Sampling): number[] {
  const scale = scaleOf(from, to, alignCorners);
  return Array.from({ length: to }, (_, place) => {
    const at = scale * (halfPixelCenters ? place + 0.5 : place);
    return Math.max(0, Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at)));
  });
}

/** The axes of a picture that are resized. */
const HEIGHT = 1;
const WIDTH = 2;

const take = (graph: LazyGraph, x: Value, places: readonly number[], axis: number): Value =>
  graph.emit(
    'Gather',
    [graph.logical(x), graph.ints(...places)],
    { axis },
    { shape: x.shape.with(axis, places.length) },
  );

/** Numbers along one axis of a picture. */
function along(graph: LazyGraph, numbers: readonly number[], axis: number): Value {
  const shape = [1, 1, 1, 1].with(axis, numbers.length);
  return graph.fixed(float32(numbers, shape));
}

function interpolate(graph: LazyGraph, x: Value, { low, high, fraction }: Between, axis: number): Value {
  const lower = take(graph, x, low, axis);
  const rise = subtract(graph, take(graph, x, high, axis), lower);
  return add(graph, lower, multiply(graph, rise, along(graph, fraction, axis)));
}

/** Adds each place of `axis` to the place in `[size]` that it came from: what `take` does, backwards. */
function putBack(graph: LazyGraph, dy: Value, places: readonly number[], axis: number, size: number): Value {
  const front = [axis, ...dy.shape.keys()].filter((other, index) => index === 0 || other !== axis);
  const moved = front.map((other) => dy.shape[other]!);
  const shape = moved.with(0, size);
  const rows = graph.emit('Transpose', [graph.logical(dy)], { perm: front }, { shape: moved });
  const zeros = graph.full(graph.uniform(0, dy.type, shape));
  const at = graph.fixed({
    type: 'int64',
    shape: [places.length, 1],
    data: BigInt64Array.from(places, BigInt),
  });
  const summed = graph.emit('ScatterND', [zeros, at, rows], { reduction: 'add' }, { shape });
  const perm = [...dy.shape.keys()].map((other) => front.indexOf(other));
  return graph.emit('Transpose', [summed], { perm }, { shape: dy.shape.with(axis, size) });
}

function interpolateBack(
  graph: LazyGraph,
  dy: Value,
  { low, high, fraction }: Between,
  axis: number,
  size: number,
): Value {
  const rest = fraction.map((share) => 1 - share);
  return add(
    graph,
    putBack(graph, multiply(graph, dy, along(graph, rest, axis)), low, axis, size),
    putBack(graph, multiply(graph, dy, along(graph, fraction, axis)), high, axis, size),
  );
}

/** TensorFlow.js's gradients do not know of half-pixel centres. */
const cornersOnly = (alignCorners: boolean): Sampling => ({ alignCorners, halfPixelCenters: false });

export const RESIZE: Table<
  'ResizeBilinear' | 'ResizeBilinearGrad' | 'ResizeNearestNeighbor' | 'ResizeNearestNeighborGrad'
> = {
  ResizeBilinear: (graph, { images }, { size, ...sampling }) => {
    const x = graph.cast(images, 'float32');
    const [height, width] = size;
    const wide = interpolate(graph, x, between(x.shape[WIDTH]!, width, sampling), WIDTH);
    return interpolate(graph, wide, between(x.shape[HEIGHT]!, height, sampling), HEIGHT);
  },
  ResizeBilinearGrad: (graph, { images, dy }, { alignCorners }) => {
    const sampling = cornersOnly(alignCorners);
    return [HEIGHT, WIDTH].reduce((gradient, axis) => {
      const [from, to] = [images.shape[axis]!, dy.shape[axis]!];
      return interpolateBack(graph, gradient, between(from, to, sampling), axis, from);
    }, dy);
  },
  ResizeNearestNeighbor: (graph, { images }, { size, ...sampling }) => {
    const [height, width] = size;
    const tall = take(graph, images, nearest(images.shape[HEIGHT]!, height, sampling), HEIGHT);
    return take(graph, tall, nearest(images.shape[WIDTH]!, width, sampling), WIDTH);
  },
  ResizeNearestNeighborGrad: (graph, { images, dy }, { alignCorners }) => {
    const sampling = cornersOnly(alignCorners);
    return [HEIGHT, WIDTH].reduce((gradient, axis) => {
      const [from, to] = [images.shape[axis]!, dy.shape[axis]!];
      return putBack(graph, gradient, nearest(from, to, sampling), axis, from);
    }, dy);
  },
};

import type { LazyGraph } from '../../lazy-graph.js';
import type { Value } from '../../value.js';
import { constant, type Matrix, mapPlane, matrix, transposed } from '../separable.js';
import { type Info, inputImage, isDense, type Method, outputImage } from './method.js';
import { type Axis, toomCook } from './toom-cook.js';

/** Beyond this extent the joined matrices, which are mostly zeros, cost more than is gained. */
const MOST_EXTENT = 32;
/** With fewer channels the transforms cost more than is gained. */
const FEWEST_CHANNELS = 8;
const FEWEST_TAPS = 2;
const MOST_TAPS = 5;

export const suitsWinograd = (info: Info): boolean =>
  Math.min(info.filterHeight, info.filterWidth) >= FEWEST_TAPS &&
  Math.max(info.filterHeight, info.filterWidth) <= MOST_TAPS &&
  isDense(info) &&
  Math.max(info.inHeight, info.inWidth) <= MOST_EXTENT &&
  Math.min(info.inChannels, info.outChannels) >= FEWEST_CHANNELS;

interface Axes {
  down: Axis;
  across: Axis;
}

const axesOf = (info: Info): Axes => ({
  down: toomCook(info.inHeight, info.outHeight, info.filterHeight, info.padInfo.top),
  across: toomCook(info.inWidth, info.outWidth, info.filterWidth, info.padInfo.left),
});

/** Pictures by points: `[point, tile row, point, tile column, channels, batch]`. */
const pointsOf = ({ down, across }: Axes, channels: number, batch: number) => [
  ...[down.points, down.tiles, across.points, across.tiles],
  ...[channels, batch],
];

/** B' x B */
function inputPoints(graph: LazyGraph, x: Value, { inChannels, batchSize }: Info, axes: Axes): Value {
  const run = inChannels * batchSize;
  const mapped = mapPlane(graph, graph.batchLast(x), run, axes.down.input, axes.across.input);
  return graph.view(mapped, pointsOf(axes, inChannels, batchSize));
}

/** A dy A' */
function outputPoints(graph: LazyGraph, dy: Value, { outChannels, batchSize }: Info, axes: Axes): Value {
  const run = outChannels * batchSize;
  const mapped = mapPlane(graph, graph.batchLast(dy), run, axes.down.output, axes.across.output);
  return graph.view(mapped, pointsOf(axes, outChannels, batchSize));
}

/** For all pairs of rows of two matrices the products of all pairs of columns. */
const kronecker = (a: Matrix, b: Matrix): Matrix =>
  matrix(a.rows * b.rows, a.columns * b.columns, (row, column) => {
    const left = Math.floor(row / b.rows) * a.columns + Math.floor(column / b.columns);
    return a.data[left]! * b.data[(row % b.rows) * b.columns + (column % b.columns)]!;
  });

/** G g G' as `[point, 1, point, 1, rows, columns]`, from `[taps, rows, columns]`. */
function filterPoints(graph: LazyGraph, taps: Value, { down, across }: Axes): Value {
  const [count, rows, columns] = taps.shape as [number, number, number];
  const map = constant(graph, kronecker(down.filter, across.filter));
  const flat = graph.view(taps, [count, rows * columns]);
  const shape = [down.points * across.points, rows * columns];
  const mapped = graph.emit('MatMul', [map, flat], {}, { shape });
  return graph.view(mapped, [down.points, 1, across.points, 1, rows, columns]);
}

/** `[taps, in, out]` */
const tapsOf = (graph: LazyGraph, filter: Value, info: Info): Value =>
  graph.view(graph.logical(filter), [
    info.filterHeight * info.filterWidth,
    info.inChannels,
    info.outChannels,
  ]);

/** The last two axes exchanged. */
function swapped(graph: LazyGraph, x: Value): Value {
  const rank = x.shape.length;
  const perm = [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2);
  return graph.emit('Transpose', [x], { perm }, { shape: perm.map((axis) => x.shape[axis]!) });
}

function product(graph: LazyGraph, a: Value, b: Value): Value {
  const batch = a.shape.slice(0, 4).map((size, index) => Math.max(size, b.shape[index]!));
  return graph.emit('MatMul', [a, b], {}, { shape: [...batch, a.shape[4]!, b.shape[5]!] });
}

/**
 * Winograd's convolution as matrix products (Lavin and Gray 2016, section 4). The maps of all tiles of an axis are one
 * matrix, so that a transform is a product with a constant. With y = A' [(G g G') (B' x B)] A, the gradients are the
 * transposed maps: dx = B [(G g G')' (A dy A')] B' and dg = G' [(B' x B) (A dy A')'] G; what they share with the forward pass
 * is computed once.
 */
export const WINOGRAD: Method = {
  forward(graph, x, filter, info) {
    const axes = axesOf(info);
    const kernel = filterPoints(graph, swapped(graph, tapsOf(graph, filter, info)), axes);
    const output = product(graph, kernel, inputPoints(graph, x, info, axes));
    const run = info.outChannels * info.batchSize;
    const maps = [transposed(axes.down.output), transposed(axes.across.output)] as const;
    const { stored, ...image } = outputImage(info).batchLast;
    return graph.view(mapPlane(graph, output, run, ...maps), stored, image);
  },

  inputGradient(graph, dy, filter, info) {
    const axes = axesOf(info);
    const kernel = filterPoints(graph, tapsOf(graph, filter, info), axes);
    const gradient = product(graph, kernel, outputPoints(graph, dy, info, axes));
    const run = info.inChannels * info.batchSize;
    const maps = [transposed(axes.down.input), transposed(axes.across.input)] as const;
    const { stored, ...image } = inputImage(info).batchLast;
    return graph.view(mapPlane(graph, gradient, run, ...maps), stored, image);
  },

  filterGradient(graph, x, dy, info) {
    const axes = axesOf(info);
    const gradient = outputPoints(graph, dy, info, axes);
    const products = product(graph, inputPoints(graph, x, info, axes), swapped(graph, gradient));
    // G' along both axes, and the sum over the tiles.
    const map = kronecker(overTiles(axes.down), overTiles(axes.across));
    const size = info.inChannels * info.outChannels;
    const flat = graph.view(products, [map.columns, size]);
    const taps = graph.emit('MatMul', [constant(graph, map), flat], {}, { shape: [map.rows, size] });
    return graph.view(taps, [info.filterHeight, info.filterWidth, info.inChannels, info.outChannels]);
  },
};

/** `[taps, points * tiles]` */
const overTiles = ({ points, tiles, taps, filter }: Axis): Matrix =>
  matrix(taps, points * tiles, (tap, at) => filter.data[Math.floor(at / tiles) * taps + tap]!);

import type { LazyGraph } from '../../lazy-graph.js';
import type { Value } from '../../value.js';
import { sum } from '../reduce.js';
import type { Info } from './method.js';

/** Up to so many rows (taps of the filter times input channels) one small product an image is faster. */
const MOST_ROWS_PER_IMAGE = 64;

/**
 * The gradient for the filter `[height, width, in, out]` as matrix products. Each tap of the filter met a window of the
 * picture; the sum of its products with the output's gradient, over batch and space, is the tap's gradient. (As one Conv
 * with the gradient as its kernel the same takes three times as long: bench/RESULTS.md.)
 */
export function filterGradient(graph: LazyGraph, x: Value, dy: Value, info: Info): Value {
  const rows = info.filterHeight * info.filterWidth * info.inChannels;
  const image = graph.channelsFirst(x);
  const gradient = graph.channelsFirst(dy);
  const product =
    rows <= MOST_ROWS_PER_IMAGE
      ? productPerImage(graph, image, gradient, info)
      : productPerTap(graph, image, gradient, info);
  return graph.view(product, [info.filterHeight, info.filterWidth, info.inChannels, info.outChannels]);
}

/** For each image `[taps * in, positions] x [positions, out]`, then the sum over the batch. */
function productPerImage(graph: LazyGraph, image: Value, dy: Value, info: Info): Value {
  const { batchSize, inChannels, outChannels } = info;
  const positions = info.outHeight * info.outWidth;
  const spatial = padded(graph, image, info, 2);
  const taps = windows(info).map((window) =>
    graph.view(cut(graph, spatial, info, window, 2), [batchSize, inChannels, positions]),
  );
  const rows = taps.length * inChannels;
  const met = joined(graph, taps, 1, [batchSize, rows, positions]);
  const gradient = graph.emit(
    'Transpose',
    [graph.view(dy, [batchSize, outChannels, positions])],
    { perm: [0, 2, 1] },
    { shape: [batchSize, positions, outChannels] },
  );
  const products = graph.emit('MatMul', [met, gradient], {}, { shape: [batchSize, rows, outChannels] });
  return sum(graph, products, [0], false);
}

/**
 * For each tap `[in, positions] x [positions, out]` over the whole batch. The batch lies innermost, so that cutting a
 * window moves whole runs of memory instead of single rows of a picture.
 */
function productPerTap(graph: LazyGraph, image: Value, dy: Value, info: Info): Value {
  const { batchSize, inChannels, outChannels } = info;
  const positions = batchSize * info.outHeight * info.outWidth;
  const spatial = padded(graph, batchInnermost(graph, image), info, 1);
  const gradient = graph.view(batchInnermost(graph, dy), [outChannels, positions]);
  const products = windows(info).map((window) => {
    const met = graph.view(cut(graph, spatial, info, window, 1), [inChannels, positions]);
    return graph.emit('Gemm', [met, gradient], { transB: 1 }, { shape: [inChannels, outChannels] });
  });
  return joined(graph, products, 0, [products.length * inChannels, outChannels]);
}

const joined = (graph: LazyGraph, parts: readonly Value[], axis: number, shape: readonly number[]): Value =>
  parts.length === 1 ? graph.view(parts[0]!, shape) : graph.emit('Concat', parts, { axis }, { shape });

/** `[batch, channels, height, width]` -> `[channels, height, width, batch]`. */
function batchInnermost(graph: LazyGraph, image: Value): Value {
  const [batch, channels, height, width] = image.stored as [number, number, number, number];
  const flat = graph.view(image, [batch, channels * height * width]);
  const turned = graph.emit(
    'Transpose',
    [flat],
    { perm: [1, 0] },
    { shape: [channels * height * width, batch] },
  );
  return graph.view(turned, [channels, height, width, batch]);
}

/** Adds the convolution's padding to the height, which is axis `at`, and the width, the next one. */
function padded(graph: LazyGraph, image: Value, { padInfo }: Info, at: 1 | 2): Value {
  const { top, bottom, left, right } = padInfo;
  if (top + bottom + left + right === 0) return image;
  const before = [0, 0, 0, 0];
  const after = [0, 0, 0, 0];
  [before[at], before[at + 1], after[at], after[at + 1]] = [top, left, bottom, right];
  const shape = image.stored.map((size, axis) => size + before[axis]! + after[axis]!);
  return graph.emit('Pad', [image, graph.ints(...before, ...after)], {}, { shape });
}

/** The place of each tap in the filter, row by row. */
const windows = ({ filterHeight, filterWidth }: Info): { row: number; column: number }[] =>
  Array.from({ length: filterHeight * filterWidth }, (_, tap) => ({
    row: Math.floor(tap / filterWidth),
    column: tap % filterWidth,
  }));

/** The inputs that one tap met: one for each position of the output. Height is axis `at`, width the next one. */
function cut(
  graph: LazyGraph,
  image: Value,
  info: Info,
  tap: { row: number; column: number },
  at: 1 | 2,
): Value {
  const { strideHeight, strideWidth, outHeight, outWidth } = info;
  const top = tap.row * info.dilationHeight;
  const left = tap.column * info.dilationWidth;
  const bottom = top + (outHeight - 1) * strideHeight + 1;
  const right = left + (outWidth - 1) * strideWidth + 1;
  const shape = image.stored.map((size, axis) =>
    axis === at ? outHeight : axis === at + 1 ? outWidth : size,
  );
  if (shape.every((size, axis) => size === image.stored[axis])) return image;
  const bounds = [graph.ints(top, left), graph.ints(bottom, right), graph.ints(at, at + 1)];
  return graph.emit('Slice', [image, ...bounds, graph.ints(strideHeight, strideWidth)], {}, { shape });
}

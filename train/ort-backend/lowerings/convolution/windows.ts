import { int64 } from '../../../../onnx/tensor.js';
import type { LazyGraph } from '../../lazy-graph.js';
import type { Value } from '../../value.js';
import { sum } from '../reduce.js';
import { DIRECT } from './direct.js';
import { type Info, inputImage, type Method, outputImage } from './method.js';

/** With more inputs to a window, copying the windows costs more than is gained. */
const MOST_INPUTS = 64;

const tapCount = ({ filterHeight, filterWidth }: Info): number => filterHeight * filterWidth;

const isPadded = ({ padInfo: { top, bottom, left, right } }: Info): boolean =>
  top + bottom + left + right > 0;

export const suitsWindows = (info: Info): boolean =>
  tapCount(info) === 1 ? !isPadded(info) : tapCount(info) * info.inChannels <= MOST_INPUTS;

/** Every place of the input is used as it is. */
const isPointwise = (info: Info): boolean =>
  tapCount(info) === 1 && info.outHeight === info.inHeight && info.outWidth === info.inWidth;

/**
 * Takes rows of `x`, `[places, run]`, into `[indices, run]`; an index of -1 takes zeros.
 */
function take(graph: LazyGraph, x: Value, indices: readonly number[]): Value {
  const [places, run] = x.shape as [number, number];
  const hasHoles = indices.includes(-1);
  const source = hasHoles
    ? graph.emit('Pad', [x, graph.ints(0, 0, 1, 0)], {}, { shape: [places + 1, run] })
    : x;
  const rows = graph.fixed(int64(indices.map((index) => (index < 0 ? places : index))));
  return graph.emit('Gather', [source, rows], { axis: 0 }, { shape: [indices.length, run] });
}

/** For each place of the output, tap by tap, the place of the input; -1 for padding. */
function windowPlaces(info: Info): number[] {
  const places: number[] = [];
  for (let row = 0; row < info.outHeight; row++) {
    for (let column = 0; column < info.outWidth; column++) {
      for (let tap = 0; tap < tapCount(info); tap++) {
        const [down, across] = [Math.floor(tap / info.filterWidth), tap % info.filterWidth];
        const y = row * info.strideHeight + down * info.dilationHeight - info.padInfo.top;
        const x = column * info.strideWidth + across * info.dilationWidth - info.padInfo.left;
        const isInside = y >= 0 && y < info.inHeight && x >= 0 && x < info.inWidth;
        places.push(isInside ? y * info.inWidth + x : -1);
      }
    }
  }
  return places;
}

/** `[places, taps * in, batch]`: what each window sees. */
function windows(graph: LazyGraph, x: Value, info: Info): Value {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, batchSize } = info;
  const rows = graph.view(graph.batchLast(x), [inHeight * inWidth, inChannels * batchSize]);
  const seen = isPointwise(info) ? rows : take(graph, rows, windowPlaces(info));
  return graph.view(seen, [outHeight * outWidth, tapCount(info) * inChannels, batchSize]);
}

const gradientPlaces = (graph: LazyGraph, dy: Value, info: Info): Value =>
  graph.view(graph.batchLast(dy), [info.outHeight * info.outWidth, info.outChannels, info.batchSize]);

const filterMatrix = (graph: LazyGraph, filter: Value, info: Info): Value =>
  graph.view(graph.logical(filter), [tapCount(info) * info.inChannels, info.outChannels]);

/** For convolutions with one tap, and for those with few channels: one matrix product for each place, batch-last. */
export const WINDOWS: Method = {
  forward(graph, x, filter, info) {
    const { outHeight, outWidth, outChannels, batchSize } = info;
    const inputs = tapCount(info) * info.inChannels;
    const places = outHeight * outWidth;
    const turned = graph.emit(
      'Transpose',
      [filterMatrix(graph, filter, info)],
      { perm: [1, 0] },
      { shape: [outChannels, inputs] },
    );
    // As a convolution of pictures one place high, so that a bias and an activation are added where the product is made.
    const output = graph.emit(
      'Conv',
      [
        graph.view(windows(graph, x, info), [places, inputs, 1, batchSize]),
        graph.view(turned, [outChannels, inputs, 1, 1]),
      ],
      { kernel_shape: [1, 1] },
      { shape: [places, outChannels, 1, batchSize] },
    );
    const { stored, ...image } = outputImage(info).batchLast;
    return graph.view(output, stored, image);
  },

  inputGradient(graph, dy, filter, info) {
    if (tapCount(info) > 1) return DIRECT.inputGradient(graph, dy, filter, info);
    const { inHeight, inWidth, inChannels, outHeight, outWidth, batchSize } = info;
    const gradient = graph.emit(
      'MatMul',
      [filterMatrix(graph, filter, info), gradientPlaces(graph, dy, info)],
      {},
      { shape: [outHeight * outWidth, inChannels, batchSize] },
    );
    const { stored, ...image } = inputImage(info).batchLast;
    if (isPointwise(info)) return graph.view(gradient, stored, image);
    const reached = windowPlaces(info);
    const places = Array.from({ length: inHeight * inWidth }, (_, place) => reached.indexOf(place));
    const flat = graph.view(gradient, [outHeight * outWidth, inChannels * batchSize]);
    return graph.view(take(graph, flat, places), stored, image);
  },

  filterGradient(graph, x, dy, info) {
    const { filterHeight, filterWidth, inChannels, outChannels, batchSize, outHeight, outWidth } = info;
    const places = outHeight * outWidth;
    const inputs = tapCount(info) * inChannels;
    const gradient = graph.emit(
      'Transpose',
      [gradientPlaces(graph, dy, info)],
      { perm: [0, 2, 1] },
      { shape: [places, batchSize, outChannels] },
    );
    const shape = [places, inputs, outChannels];
    const products = graph.emit('MatMul', [windows(graph, x, info), gradient], {}, { shape });
    return graph.view(sum(graph, products, [0], false), [filterHeight, filterWidth, inChannels, outChannels]);
  },
};

import { backend_util, type Tensor } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { elementwise, number } from './elementwise.js';
import { boundedIndices } from './gather.js';
import type { Table } from './kernels.js';

/** What TensorFlow.js's shape checks take. */
const asTensor = ({ shape }: Value): Tensor =>
  ({ shape: [...shape], rank: shape.length }) as unknown as Tensor;

/**
 * Writes `updates` into `data` at `indices`, or adds them. The indices are `[...positions, rank]`, or one number a position
 * where `data` is a vector.
 */
function scatter(
  graph: LazyGraph,
  data: Value,
  indices: Value,
  updates: Value,
  reduction: 'none' | 'add',
): Value {
  const { shape } = data;
  const { sliceRank, numUpdates } = backend_util.calculateShapes(asTensor(updates), asTensor(indices), [
    ...shape,
  ]);
  const bounded = boundedIndices(graph, 'ScatterNd', indices, shape.slice(0, sliceRank));
  const places = graph.view(graph.cast(bounded, 'int64'), [numUpdates, sliceRank]);
  const row = [numUpdates, ...shape.slice(sliceRank)];
  // One number stands for every update.
  const each = updates.shape.length === 0 ? graph.broadcast(updates, row) : updates;
  const rows = graph.view(graph.logical(each), row);
  return graph.emit('ScatterND', [graph.logical(data), places, rows], { reduction }, { shape });
}

const filled = (graph: LazyGraph, fill: number, shape: readonly number[], like: Value): Value =>
  graph.full(graph.uniform(fill, like.type, shape));

/**
 * Adds rows of `x` that have the same number, `[rows, ...]` -> `[count, ...]`; numbers below 0 or from `count` on count
 * nowhere.
 */
function addRows(graph: LazyGraph, x: Value, numbers: Value, count: number): Value {
  const rank = numbers.shape.length;
  const rows = sizeOf(numbers.shape);
  const row = x.shape.slice(rank);
  const at = graph.cast(graph.logical(numbers), 'int32');
  const isOutside = elementwise(
    graph,
    'Or',
    [
      elementwise(graph, 'Less', [at, number(graph, 0, at)], 'bool'),
      elementwise(graph, 'GreaterOrEqual', [at, number(graph, count, at)], 'bool'),
    ],
    'bool',
  );
  // One row more takes what counts nowhere.
  const inside = elementwise(graph, 'Where', [isOutside, number(graph, count, at), at]);
  const places = graph.view(graph.cast(graph.full(inside), 'int64'), [rows, 1]);
  const summed = graph.emit(
    'ScatterND',
    [filled(graph, 0, [count + 1, ...row], x), places, graph.view(graph.logical(x), [rows, ...row])],
    { reduction: 'add' },
    { shape: [count + 1, ...row] },
  );
  return graph.emit('Slice', [summed, graph.ints(0), graph.ints(count)], {}, { shape: [count, ...row] });
}

/** How often each number below `size` occurs in `x`, or the sum of its weights; for each row, where x has several. */
function count(graph: LazyGraph, x: Value, weights: Value, size: number): Value {
  const each = sizeOf(weights.shape) > 0 ? weights : graph.uniform(1, weights.type, x.shape);
  if (x.shape.length === 1) return addRows(graph, each, x, size);
  if (x.shape[0] === 0) return graph.uniform(0, each.type, [0, size]);
  const rows = Array.from({ length: x.shape[0]! }, (_, row) => {
    const ofRow = (value: Value) =>
      graph.emit(
        'Gather',
        [graph.logical(value), index(graph, row)],
        { axis: 0 },
        {
          shape: [x.shape[1]!],
        },
      );
    return graph.view(addRows(graph, ofRow(each), ofRow(x), size), [1, size]);
  });
  return graph.emit('Concat', rows, { axis: 0 }, { shape: [rows.length, size] });
}

const index = (graph: LazyGraph, number: number): Value =>
  graph.fixed({ type: 'int64', shape: [], data: BigInt64Array.of(BigInt(number)) });

export const SCATTER: Table<
  'Bincount' | 'DenseBincount' | 'ScatterNd' | 'SparseToDense' | 'TensorScatterUpdate' | 'UnsortedSegmentSum'
> = {
  Bincount: (graph, { x, weights }, { size }) =>
    count(graph, graph.reshape(x, [sizeOf(x.shape)]), weights, size),
  DenseBincount: (graph, { x, weights }, { size, binaryOutput }) => {
    if (!binaryOutput) return count(graph, x, weights, size);
    const counts = count(graph, x, graph.uniform(1, weights.type, x.shape), size);
    return elementwise(graph, 'Min', [counts, number(graph, 1, counts)]);
  },
  ScatterNd: (graph, { indices, updates }, { shape }) =>
    scatter(graph, filled(graph, 0, shape, updates), indices, updates, 'add'),
  SparseToDense: (graph, { sparseIndices, sparseValues, defaultValue }, { outputShape }) => {
    const data = graph.full(graph.broadcast(graph.reshape(defaultValue, []), outputShape));
    const updates = graph.cast(sparseValues, data.type);
    return scatter(graph, data, sparseIndices, updates, 'none');
  },
  TensorScatterUpdate: (graph, { tensor, indices, updates }) =>
    scatter(graph, tensor, indices, updates, 'none'),
  UnsortedSegmentSum: (graph, { x, segmentIds }, { numSegments }) =>
    addRows(graph, x, segmentIds, numSegments),
};

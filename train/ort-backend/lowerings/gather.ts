import { backend_util, type Tensor, util } from '@tensorflow/tfjs-core';
import { concreteData } from '../concrete.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import type { Table } from './kernels.js';
import { transpose } from './shape.js';

/** What TensorFlow.js's shape checks take. */
const asTensor = ({ shape, type }: Value): Tensor =>
  ({ shape: [...shape], rank: shape.length, dtype: type }) as unknown as Tensor;

/** Refuses indices beyond an axis where they are known already; others fail when they are computed. */
function checkBounds(indices: Value, size: number): void {
  for (const index of concreteData(indices) ?? []) {
    util.assert(
      index >= 0 && index < size,
      () => `GatherV2: the index value ${index} is not in [0, ${size - 1}]`,
    );
  }
}

/** `x[batch, ..., indices[batch], ...]`, the first `batchDims` axes of both being batch. */
function gather(graph: LazyGraph, x: Value, indices: Value, axis: number, batchDims: number): Value {
  checkBounds(indices, x.shape[axis]!);
  const { outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
    asTensor(x),
    asTensor(indices),
    axis,
    batchDims,
  );
  const places = graph.logical(indices);
  if (batchDims === 0)
    return graph.emit('Gather', [graph.logical(x), places], { axis }, { shape: outputShape, type: x.type });
  // The axis goes right behind the batch, and what it becomes goes back to its place.
  const rank = x.shape.length;
  const others = [...x.shape.keys()].filter((candidate) => candidate >= batchDims && candidate !== axis);
  const batch = [...x.shape.keys()].slice(0, batchDims);
  const front = transpose(graph, x, [...batch, axis, ...others]);
  const at = graph.cast(graph.view(places, [...indices.shape, 1]), 'int64');
  const positions = indices.shape.slice(batchDims);
  const shape = [...indices.shape, ...others.map((other) => x.shape[other]!)];
  const gathered = graph.emit('GatherND', [graph.logical(front), at], { batch_dims: batchDims }, { shape });
  const before = axis - batchDims;
  const ofOthers = [...Array(rank - 1 - batchDims).keys()].map(
    (other) => batchDims + positions.length + other,
  );
  const perm = [
    ...batch,
    ...ofOthers.slice(0, before),
    ...positions.map((_, position) => batchDims + position),
    ...ofOthers.slice(before),
  ];
  return transpose(graph, gathered, perm);
}

export const GATHER: Table<'GatherNd' | 'GatherV2'> = {
  GatherNd: (graph, { params, indices }) => {
    const [shape, count] = backend_util.prepareAndValidate(asTensor(params), asTensor(indices));
    if (count === 0 || sizeOf(shape) === 0) return graph.uniform(0, params.type, shape);
    const places = graph.cast(graph.logical(indices), 'int64');
    return graph.emit('GatherND', [graph.logical(params), places], {}, { shape });
  },
  GatherV2: (graph, { x, indices }, { axis, batchDims = 0 }) => {
    const batch = batchDims < 0 ? batchDims + indices.shape.length : batchDims;
    return gather(graph, x, indices, util.parseAxisParam(axis, [...x.shape])[0]!, batch);
  },
};

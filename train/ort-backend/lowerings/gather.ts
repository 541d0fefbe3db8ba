import { backend_util, type Tensor, util } from '@tensorflow/tfjs-core';
import { concreteData } from '../concrete.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { elementwise, number, where } from './elementwise.js';
import type { Table } from './kernels.js';
import { transpose } from './shape.js';

/** What TensorFlow.js's shape checks take. */
const asTensor = ({ shape, type }: Value): Tensor =>
  ({ shape: [...shape], rank: shape.length, dtype: type }) as unknown as Tensor;

/** An int32 that is no index of any axis. */
const BEYOND = 2 ** 31 - 1;

/**
 * int32 indices such that ONNX Runtime refuses those below 0 too, when they are computed: it counts them from the end. Where
 * they are known already, those beyond an axis are refused at once.
 * @param sizes of the axes that the indices stand for in turn
 */
export function boundedIndices(
  graph: LazyGraph,
  kernel: string,
  indices: Value,
  sizes: readonly number[],
): Value {
  for (const [position, index] of (concreteData(indices) ?? []).entries()) {
    const size = sizes[position % sizes.length]!;
    util.assert(
      index >= 0 && index < size,
      () => `${kernel}: the index value ${index} is not in [0, ${size - 1}]`,
    );
  }
  const isBelow = elementwise(graph, 'Less', [indices, number(graph, 0, indices)], 'bool');
  return graph.logical(where(graph, isBelow, number(graph, BEYOND, indices), indices));
}

/** `x[batch, ..., indices[batch], ...]`, the first `batchDims` axes of both being batch. */
function gather(graph: LazyGraph, x: Value, indices: Value, axis: number, batchDims: number): Value {
  const { outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(
    asTensor(x),
    asTensor(indices),
    axis,
    batchDims,
  );
  const places = boundedIndices(graph, 'GatherV2', indices, [x.shape[axis]!]);
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
    const sizes = params.shape.slice(0, indices.shape.at(-1));
    const places = graph.cast(boundedIndices(graph, 'GatherNd', indices, sizes), 'int64');
    return graph.emit('GatherND', [graph.logical(params), places], {}, { shape });
  },
  GatherV2: (graph, { x, indices }, { axis, batchDims = 0 }) => {
    const batch = batchDims < 0 ? batchDims + indices.shape.length : batchDims;
    return gather(graph, x, indices, util.parseAxisParam(axis, [...x.shape])[0]!, batch);
  },
};

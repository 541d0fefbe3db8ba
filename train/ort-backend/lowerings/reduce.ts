import { util } from '@tensorflow/tfjs-core';
import { float32 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { isNoGradient, type Layout, sizeOf, uniformValue, type Value } from '../value.js';
import { multiply, number, unary, where, withoutNaN } from './elementwise.js';
import type { ReduceKernel, Table } from './kernels.js';

/** The most numbers that are summed in one go: what a product rounds grows with them. */
const LONGEST = 4096;
/** Numbers of a part of a longer sum: so many that the sums of the parts are few as well. */
const PART = { shortest: 25, longest: 1024 } as const;

/**
 * Sums a matrix along its rows or its columns as a product with a vector, which ONNX Runtime's cpu provider does
 * several times faster than ReduceSum. Multiplying by a vector of `factor` scales as well.
 */
function sumMatrix(
  graph: LazyGraph,
  x: Value,
  rows: number,
  columns: number,
  along: 'rows' | 'columns',
  factor = 1,
): Value {
  if ((along === 'rows' ? rows : columns) > LONGEST)
    return sumInParts(graph, x, rows, columns, along, factor);
  if (along === 'rows') {
    const matrix = graph.view(x, [rows, columns]);
    return graph.emit('MatMul', [graph.filled(factor, [1, rows]), matrix], {}, { shape: [1, columns] });
  }
  // A product takes all but the last axis for rows.
  const lines = x.stored.at(-1) === columns ? x : graph.view(x, [rows, columns]);
  const stored = [...lines.stored.slice(0, -1), 1];
  return graph.emit('MatMul', [lines, graph.filled(factor, [columns, 1])], {}, { shape: stored });
}

/** As {@link sumMatrix}, of far more numbers: sums of some, and then the sums of those. */
function sumInParts(
  graph: LazyGraph,
  x: Value,
  rows: number,
  columns: number,
  along: 'rows' | 'columns',
  factor: number,
): Value {
  const length = along === 'rows' ? rows : columns;
  const part = partOf(length);
  if (!part) {
    const missing = PART.longest - (length % PART.longest);
    const [below, beyond] = along === 'rows' ? [missing, 0] : [0, missing];
    const shape = [rows + below, columns + beyond] as const;
    const inputs = [graph.view(x, [rows, columns]), graph.ints(0, 0, below, beyond)];
    return sumMatrix(graph, graph.emit('Pad', inputs, {}, { shape }), ...shape, along, factor);
  }
  if (along === 'rows') {
    const sums = sumMatrix(graph, x, rows / part, part * columns, along, factor);
    return sumMatrix(graph, sums, part, columns, along);
  }
  const sums = sumMatrix(graph, x, rows * (columns / part), part, along, factor);
  return sumMatrix(graph, sums, rows, columns / part, along);
}

/** Into how many numbers, neither many nor few, a length divides. */
const partOf = (length: number): number | undefined =>
  Array.from({ length: PART.longest - PART.shortest + 1 }, (_, index) => PART.longest - index).find(
    (part) => length % part === 0,
  );

const isRange = (axes: readonly number[], from: number) => axes.every((axis, index) => axis === from + index);

/** The sum over `axes`, times `factor`, for float32. */
export function sum(
  graph: LazyGraph,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
  factor = 1,
): Value {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const shape = keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
  if (isNoGradient(x)) return { ...x, shape };
  const uniform = uniformValue(x);
  if (uniform !== null) {
    const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    return graph.uniform(uniform * count * factor, x.type, shape);
  }
  if (axes.length === 0) return multiply(graph, x, number(graph, factor, x));
  const isPerChannel = x.shape.length === 4 && axes.length === 3 && isRange(axes, 0);
  const easiest = isPerChannel ? graph.easiestToSum(x) : x;
  if (easiest !== x) return sum(graph, easiest, axes, keepDims, factor);
  const overPlanes = axes.at(-1) === 2 && axes.length >= 2 && isRange(axes, 3 - axes.length);
  if (x.layout !== 'logical' && x.type === 'float32' && overPlanes && sizeOf(x.shape) > 0) {
    return graph.reshape(SUM_PLANES[x.layout](graph, graph.full(x), axes.length === 3, factor), shape);
  }
  const full = graph.logical(x);
  const rank = x.shape.length;
  const size = sizeOf(x.shape);
  if (x.type === 'float32' && size > 0) {
    if (isRange(axes, 0)) {
      const rows = sizeOf(x.shape.slice(0, axes.length));
      return graph.view(sumMatrix(graph, full, rows, size / rows, 'rows', factor), shape);
    }
    if (isRange(axes, rank - axes.length)) {
      const columns = sizeOf(x.shape.slice(rank - axes.length));
      return graph.view(sumMatrix(graph, full, size / columns, columns, 'columns', factor), shape);
    }
  }
  // ONNX Runtime holds a sum of int32 at the ends of its range, where TensorFlow.js keeps the lower half of it.
  const summed = x.type === 'int32' ? graph.cast(full, 'int64') : full;
  const inputs = [summed, graph.ints(...axes)];
  const reduced = graph.cast(
    graph.emit('ReduceSum', inputs, { keepdims: keepDims ? 1 : 0 }, { shape }),
    x.type,
  );
  return multiply(graph, reduced, number(graph, factor, reduced));
}

/** Sums over height and width to `[batch, channels]`, or over the batch too, to `[channels]`. */
type SumPlanes = (graph: LazyGraph, x: Value, isOverBatch: boolean, factor: number) => Value;

const SUM_PLANES: { [L in Exclude<Layout, 'logical'>]: SumPlanes } = {
  'channels-first': (graph, x, isOverBatch, factor) => {
    const [batch, channels, height, width] = x.stored as [number, number, number, number];
    const planes = [batch * channels, height * width] as const;
    const sums = sumMatrix(graph, x, ...planes, 'columns', isOverBatch ? 1 : factor);
    if (!isOverBatch) return graph.view(sums, [batch, channels]);
    return graph.view(sumMatrix(graph, sums, batch, channels, 'rows', factor), [channels]);
  },
  'batch-last': (graph, x, isOverBatch, factor) => {
    const [height, width, channels, batch] = x.stored as [number, number, number, number];
    const places = height * width;
    if (isOverBatch) {
      const sums = sumMatrix(graph, x, places * channels, batch, 'columns');
      return graph.view(sumMatrix(graph, sums, places, channels, 'rows', factor), [channels]);
    }
    const sums = sumMatrix(graph, x, places, channels * batch, 'rows', factor);
    return batchFirst(graph, sums, channels, batch);
  },
};

/** `[channels, batch]` -> `[batch, channels]` */
function batchFirst(graph: LazyGraph, x: Value, channels: number, batch: number): Value {
  const matrix = graph.view(x, [channels, batch]);
  return graph.emit('Transpose', [matrix], { perm: [1, 0] }, { shape: [batch, channels] });
}

type Reduction = 'ReduceMax' | 'ReduceMin' | 'ReduceProd';

function reduceBy(
  graph: LazyGraph,
  operator: Reduction,
  x: Value,
  axis: number | number[],
  keepDims: boolean,
): Value {
  const axes = sortedAxes(x, axis);
  if (axes.length === 0) return x;
  const kept = x.shape.map((size, index) => (axes.includes(index) ? 1 : size));
  const shape = keepDims ? kept : x.shape.filter((_, index) => !axes.includes(index));
  if (x.layout === 'batch-last' && x.shape.length === 4 && axes.length === 2 && isRange(axes, 1)) {
    const [height, width, channels, batch] = graph.full(x).stored as [number, number, number, number];
    const places = graph.view(graph.full(x), [height * width, channels * batch]);
    const run = { shape: [channels * batch] };
    const planes = graph.emit(operator, [places], { axes: [0], keepdims: 0 }, run);
    return graph.reshape(batchFirst(graph, planes, channels, batch), shape);
  }
  return graph.emit(operator, [graph.logical(x)], { axes, keepdims: keepDims ? 1 : 0 }, { shape });
}

/** The largest or smallest number, or none where one is none: ONNX Runtime's comparisons pass over those. */
function extremum(
  graph: LazyGraph,
  operator: 'ReduceMax' | 'ReduceMin',
  given: Value,
  axis: number | number[],
  keepDims: boolean,
): Value {
  const x = given.type === 'bool' ? graph.cast(given, 'int32') : given;
  const found = graph.cast(reduceBy(graph, operator, x, axis, keepDims), given.type);
  if (sizeOf(x.shape) === 0) return graph.uniform(Number.NaN, given.type, found.shape);
  if (x.type !== 'float32' || found === x || uniformValue(x) !== null) return found;
  // A sum of bounded numbers is a number unless one of them is none, and takes less time than another comparison.
  const { shape, layout, stored } = x;
  const bounded = graph.emit(
    'Clip',
    [x, number(graph, -1, x), number(graph, 1, x)],
    {},
    { shape, layout, stored },
  );
  const total = sum(graph, bounded, sortedAxes(x, axis), keepDims);
  const hasNone = unary(graph, 'IsNaN', total, {}, 'bool');
  return where(graph, hasNone, number(graph, Number.NaN, found), found);
}

/** Whether all of some truths hold, or any: the smallest or the largest of them. All of none do, and none is any. */
function truth(operator: 'ReduceMax' | 'ReduceMin') {
  return (
    graph: LazyGraph,
    { x }: { x: Value },
    { axis, keepDims }: { axis: number | number[]; keepDims: boolean },
  ) => {
    const found = reduceBy(graph, operator, graph.cast(x, 'int32'), axis, keepDims);
    if (sizeOf(x.shape) > 0) return graph.cast(found, 'bool');
    return graph.uniform(operator === 'ReduceMin' ? 1 : 0, 'bool', found.shape);
  };
}

const sortedAxes = ({ shape }: Value, axis: number | number[]): number[] =>
  util.parseAxisParam(axis, [...shape]).sort((a, b) => a - b);

/** Where the largest or smallest number is, of which `last` is the opposite: the first place if none is there, no other such. */
function argument(operator: 'ArgMax' | 'ArgMin', last: number) {
  return (graph: LazyGraph, { x: given }: { x: Value }, { axis }: { axis: number }) => {
    const at = util.parseAxisParam(axis, [...given.shape])[0]!;
    const shape = given.shape.filter((_, index) => index !== at);
    if (sizeOf(given.shape) === 0) return graph.uniform(0, 'int32', shape);
    const x =
      given.type === 'bool'
        ? graph.cast(given, 'int32')
        : withoutNaN(graph, given, firstOf(graph, given, at, last));
    const indices = graph.emit(
      operator,
      [graph.logical(x)],
      { axis: at, keepdims: 0 },
      { shape, type: 'int64' },
    );
    return graph.cast(indices, 'int32');
  };
}

/** Along one axis of `x` the opposite of `rest`, then `rest`: constants to ONNX Runtime, which works them out once. */
function firstOf(graph: LazyGraph, x: Value, axis: number, rest: number): Value {
  const first = graph.fixed(
    float32(
      [-rest],
      x.shape.map(() => 1),
    ),
  );
  const shape = x.shape.map((size, index) => (index === axis ? size : 1));
  const pads = graph.ints(...x.shape.map(() => 0), ...shape.map((size) => size - 1));
  return graph.emit('Pad', [first, pads, number(graph, rest, first)], {}, { shape });
}

export const REDUCE: Table<ReduceKernel | 'ArgMax' | 'ArgMin' | 'Max'> = {
  All: truth('ReduceMin'),
  Any: truth('ReduceMax'),
  ArgMax: argument('ArgMax', Number.NEGATIVE_INFINITY),
  ArgMin: argument('ArgMin', Number.POSITIVE_INFINITY),
  Max: (graph, { x }, { reductionIndices, keepDims }) =>
    extremum(graph, 'ReduceMax', x, reductionIndices, keepDims),
  Mean: (graph, { x }, { axis, keepDims }) => {
    const axes = sortedAxes(x, axis);
    const count = axes.reduce((product, index) => product * x.shape[index]!, 1);
    return sum(graph, graph.cast(x, 'float32'), axes, keepDims, 1 / Math.max(1, count));
  },
  Min: (graph, { x }, { axis, keepDims }) => extremum(graph, 'ReduceMin', x, axis, keepDims),
  Prod: (graph, { x }, { axis, keepDims }) => {
    if (x.type === 'float32') return reduceBy(graph, 'ReduceProd', x, axis, keepDims);
    // As TensorFlow.js's cpu backend multiplies, and keeps the lower half; ONNX Runtime would hold it at the ends of int32.
    return graph.cast(reduceBy(graph, 'ReduceProd', graph.cast(x, 'float64'), axis, keepDims), 'int32');
  },
  Sum: (graph, { x }, { axis, keepDims }) => {
    const axes = sortedAxes(x, axis);
    return sum(graph, x.type === 'bool' ? graph.cast(x, 'int32') : x, axes, keepDims);
  },
};

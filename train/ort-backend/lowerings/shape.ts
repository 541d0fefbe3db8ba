import { backend_util, type DataType, slice_util, util } from '@tensorflow/tfjs-core';
import type { ElementType } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sameShape, sizeOf, uniformValue, type Value } from '../value.js';
import { elementwise, number, where } from './elementwise.js';
import type { Table } from './kernels.js';

/** What TensorFlow.js's shape helpers take. */
const asInfo = ({ shape, type }: Value) => ({ shape: [...shape], dtype: type as DataType, dataId: {} });

export function slice(graph: LazyGraph, x: Value, begin: readonly number[], size: readonly number[]): Value {
  if (sameShape(size, x.shape)) return x;
  if (uniformValue(x) !== null) return { ...x, shape: size };
  const starts = graph.ints(...begin);
  const ends = graph.ints(...begin.map((start, axis) => start + size[axis]!));
  return graph.emit('Slice', [graph.logical(x), starts, ends], {}, { shape: size });
}

/** Of the first input's type, even where that is empty; one part alone keeps its own, as on TensorFlow.js's cpu backend. */
function concat(graph: LazyGraph, inputs: readonly Value[], axis: number): Value {
  const { type } = inputs[0]!;
  const shapes = inputs.map(({ shape }) => [...shape]);
  backend_util.assertParamsConsistent(shapes, axis);
  const parts = inputs.filter(({ shape }) => sizeOf(shape) > 0);
  if (parts.length === 1) return parts[0]!;
  const shape = backend_util.computeOutShape(shapes, axis);
  if (parts.length === 0) return graph.uniform(0, type, shape);
  return graph.emit(
    'Concat',
    parts.map((part) => graph.logical(graph.cast(part, type))),
    { axis },
    { shape },
  );
}

export function transpose(graph: LazyGraph, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis]!);
  const inMemory = perm.filter((axis) => x.shape[axis] !== 1);
  const isView = inMemory.every((axis, index) => index === 0 || axis > inMemory[index - 1]!);
  if (isView) return graph.reshape(x, shape);
  return graph.emit('Transpose', [graph.logical(x)], { perm }, { shape });
}

/** `shape` with a 1 more, at `dim`. */
export function expandedShape(shape: readonly number[], dim: number): number[] {
  const rank = shape.length;
  util.assert(-rank - 1 <= dim && dim <= rank, () => `Axis must be in the interval [${-rank - 1}, ${rank}]`);
  return shape.toSpliced(dim < 0 ? rank + 1 + dim : dim, 0, 1);
}

export const SHAPE: Table<
  | 'BroadcastTo'
  | 'Concat'
  | 'ExpandDims'
  | 'Fill'
  | 'OneHot'
  | 'Pack'
  | 'PadV2'
  | 'Reshape'
  | 'Reverse'
  | 'Slice'
  | 'SplitV'
  | 'Tile'
  | 'Transpose'
  | 'Unpack'
> = {
  BroadcastTo: (graph, { x }, { shape }) => graph.broadcast(x, shape),
  Concat: (graph, inputs, { axis }) => {
    const at = util.parseAxisParam(axis, [...inputs[0]!.shape])[0]!;
    return concat(graph, inputs, at);
  },
  ExpandDims: (graph, { input }, { dim }) => graph.reshape(input, expandedShape(input.shape, dim)),
  Fill: (graph, _inputs, { shape, value, dtype }) =>
    graph.uniform(Number(value), (dtype ?? 'float32') as ElementType, shape),
  OneHot: (graph, { indices }, { depth, onValue, offValue, dtype }) => {
    const type = (dtype ?? 'int32') as ElementType;
    const classes = {
      type: 'int32' as const,
      shape: [depth],
      data: Int32Array.from({ length: depth }, (_, i) => i),
    };
    const wanted = graph.reshape(graph.cast(indices, 'int32'), [...indices.shape, 1]);
    const isHot = elementwise(graph, 'Equal', [wanted, graph.fixed(classes)], 'bool');
    if (onValue === 1 && offValue === 0) return graph.cast(isHot, type);
    return where(graph, isHot, number(graph, onValue, { type }), number(graph, offValue, { type }));
  },
  Pack: (graph, inputs, { axis }) => {
    const shape = [...inputs[0]!.shape];
    for (const other of inputs) {
      util.assertShapesMatch(
        shape,
        [...other.shape],
        'All tensors passed to stack must have matching shapes',
      );
      util.assert(
        other.type === inputs[0]!.type,
        () => 'All tensors passed to stack must have matching dtypes',
      );
    }
    const at = axis < 0 ? shape.length + 1 + axis : axis;
    shape.splice(at, 0, 1);
    return concat(
      graph,
      inputs.map((value) => graph.reshape(value, shape)),
      at,
    );
  },
  PadV2: (graph, { x }, { paddings, constantValue }) => {
    const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
    const pads = graph.ints(...paddings.map(([before]) => before), ...paddings.map(([, after]) => after));
    return graph.emit('Pad', [graph.logical(x), pads, number(graph, constantValue, x)], {}, { shape });
  },
  Reshape: (graph, { x }, { shape }) => graph.reshape(x, util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  Reverse: (graph, { x }, { dims }) => {
    const axes = util.parseAxisParam(dims, [...x.shape]);
    if (axes.length === 0) return x;
    const all = (fill: number) => graph.ints(...axes.map(() => fill));
    const inputs = [graph.logical(x), all(-1), all(-(2 ** 31)), graph.ints(...axes), all(-1)];
    return graph.emit('Slice', inputs, {}, { shape: x.shape });
  },
  Slice: (graph, { x }, { begin, size }) => {
    const [starts, sizes] = slice_util.parseSliceParams(asInfo(x), begin, size) as [number[], number[]];
    slice_util.assertParamsValid(asInfo(x), starts, sizes);
    return slice(graph, x, starts, sizes);
  },
  SplitV: (graph, { x }, { numOrSizeSplits, axis }) => {
    const at = util.parseAxisParam(axis, [...x.shape])[0]!;
    const sizes = backend_util.prepareSplitSize(asInfo(x), numOrSizeSplits, at);
    const shapes = sizes.map((size) => x.shape.map((whole, index) => (index === at ? size : whole)));
    if (sizes.length === 1) return [x];
    const first = graph.emit(
      'Split',
      [graph.logical(x), graph.ints(...sizes)],
      { axis: at },
      { shape: shapes[0]! },
    );
    return shapes.map((shape, output) => ({ ...graph.sibling(first, output, x.type), shape, stored: shape }));
  },
  Tile: (graph, { x }, { reps }) => {
    const shape = x.shape.map((size, axis) => size * reps[axis]!);
    if (x.shape.every((size, axis) => size === 1 || reps[axis] === 1)) return graph.broadcast(x, shape);
    return graph.emit('Tile', [graph.logical(x), graph.ints(...reps)], {}, { shape });
  },
  Transpose: (graph, { x }, { perm }) => transpose(graph, x, perm),
  Unpack: (graph, { value }, { axis }) => {
    const at = util.parseAxisParam(axis, [...value.shape])[0]!;
    const shape = value.shape.filter((_, index) => index !== at);
    const size = value.shape.map((whole, index) => (index === at ? 1 : whole));
    return Array.from({ length: value.shape[at]! }, (_, position) => {
      const begin = size.map((_, index) => (index === at ? position : 0));
      return graph.reshape(slice(graph, value, begin, size), shape);
    });
  },
};

import { backend_util, type DataType, upcastType, util } from '@tensorflow/tfjs-core';
import type { ElementType } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { finish } from './activation.js';
import type { Table } from './kernels.js';

interface Orientation {
  transposeA: boolean;
  transposeB: boolean;
}

/** `[..., rows, inner] x [..., inner, columns]`, either transposed first. */
function matmul(graph: LazyGraph, left: Value, right: Value, { transposeA, transposeB }: Orientation): Value {
  const type = upcastType(left.type as DataType, right.type as DataType) as ElementType;
  const [a, b] = [graph.cast(left, type), graph.cast(right, type)];
  util.assert(
    left.shape.length >= 2 && right.shape.length >= 2,
    () => `Error in matMul: expected matrices, got shapes [${left.shape}] and [${right.shape}].`,
  );
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const rows = transposeA ? aColumns : aRows;
  const columns = transposeB ? bRows : bColumns;
  const [inner, otherInner] = [transposeA ? aRows : aColumns, transposeB ? bColumns : bRows];
  util.assert(
    inner === otherInner,
    () =>
      `Error in matMul: inner shapes (${inner}) and (${otherInner}) of Tensors with shapes ${a.shape} and ` +
      `${b.shape} and transposeA=${transposeA} and transposeB=${transposeB} must match.`,
  );
  const batch = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, rows, columns];
  // Gemm is for float32 only.
  if (type === 'float32' && batch.every((size) => size === 1)) {
    const inputs = [
      graph.view(graph.logical(a), [aRows, aColumns]),
      graph.view(graph.logical(b), [bRows, bColumns]),
    ];
    const attributes = { transA: Number(transposeA) as 0 | 1, transB: Number(transposeB) as 0 | 1 };
    return graph.view(graph.emit('Gemm', inputs, attributes, { shape: [rows, columns] }), shape);
  }
  const oriented = (value: Value, isTransposed: boolean) =>
    isTransposed ? swapLast(graph, value) : graph.logical(value);
  return graph.emit('MatMul', [oriented(a, transposeA), oriented(b, transposeB)], {}, { shape });
}

function swapLast(graph: LazyGraph, value: Value): Value {
  const rank = value.shape.length;
  const perm = value.shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return graph.emit(
    'Transpose',
    [graph.logical(value)],
    { perm },
    { shape: perm.map((axis) => value.shape[axis]!) },
  );
}

export const MATMUL: Table<'BatchMatMul' | '_FusedMatMul'> = {
  BatchMatMul: (graph, { a, b }, attributes) => matmul(graph, a, b, attributes),
  _FusedMatMul: (graph, { a, b, ...rest }, attributes) =>
    finish(graph, matmul(graph, a, b, attributes), rest, attributes),
};

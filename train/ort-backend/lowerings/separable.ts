import { float32 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';

/** A linear map along one axis, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

export function matrix(rows: number, columns: number, at: (row: number, column: number) => number): Matrix {
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) data[row * columns + column] = at(row, column);
  }
  return { rows, columns, data };
}

export const transposed = ({ rows, columns, data }: Matrix): Matrix =>
  matrix(columns, rows, (row, column) => data[column * columns + row]!);

export const constant = (graph: LazyGraph, { rows, columns, data }: Matrix): Value =>
  graph.fixed(float32(data, [rows, columns]));

/**
 * Maps `[height, width, run]` to `[rows of down, rows of across, run]`: one matrix product along the height and one along
 * the width.
 */
export function mapPlane(graph: LazyGraph, x: Value, run: number, down: Matrix, across: Matrix): Value {
  const [height, width] = [down.columns, across.columns];
  const lines = graph.emit(
    'MatMul',
    [constant(graph, down), graph.view(x, [height, width * run])],
    {},
    { shape: [down.rows, width * run] },
  );
  return graph.emit(
    'MatMul',
    [constant(graph, across), graph.view(lines, [down.rows, width, run])],
    {},
    { shape: [down.rows, across.rows, run] },
  );
}

import { upcastType, util } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { elementwise, number } from './elementwise.js';
import type { Table } from './kernels.js';

interface ScanAttributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

/** A bool counts as a whole number, as on TensorFlow.js's backends. */
const summable = (graph: LazyGraph, x: Value): Value =>
  graph.cast(graph.logical(x), upcastType(x.type as 'float32', 'int32') as 'float32');

/** `x` moved by `distance` along an axis, ones coming in. */
function shifted(graph: LazyGraph, x: Value, axis: number, distance: number, reverse: boolean): Value {
  const { shape } = x;
  const zeros = shape.map(() => 0);
  const by = zeros.with(axis, distance);
  const pads = reverse ? graph.ints(...zeros, ...by) : graph.ints(...by, ...zeros);
  const grown = shape.with(axis, shape[axis]! + distance);
  const padded = graph.emit('Pad', [x, pads, number(graph, 1, x)], {}, { shape: grown });
  const start = reverse ? distance : 0;
  const bounds = [graph.ints(start), graph.ints(start + shape[axis]!), graph.ints(axis)];
  return graph.emit('Slice', [padded, ...bounds], {}, { shape });
}

/** Running products, for which ONNX has no operator: each pass multiplies by what lies twice as far away. */
function products(graph: LazyGraph, x: Value, { axis, exclusive, reverse }: ScanAttributes): Value {
  let running = exclusive ? shifted(graph, x, axis, 1, reverse) : x;
  for (let distance = 1; distance < x.shape[axis]!; distance *= 2) {
    running = elementwise(graph, 'Mul', [running, shifted(graph, running, axis, distance, reverse)]);
  }
  return running;
}

const axisOf = ({ shape }: Value, axis: number): number => util.parseAxisParam(axis, [...shape])[0]!;

export const SCAN: Table<'Cumprod' | 'Cumsum'> = {
  Cumprod: (graph, { x }, { axis, exclusive, reverse }) => {
    const input = summable(graph, x);
    if (sizeOf(x.shape) === 0) return input;
    return products(graph, input, { axis: axisOf(x, axis), exclusive, reverse });
  },
  Cumsum: (graph, { x }, { axis, exclusive, reverse }) => {
    if (x.shape.length === 0) return exclusive ? number(graph, 0, x) : summable(graph, x);
    const attributes = { exclusive: Number(exclusive) as 0 | 1, reverse: Number(reverse) as 0 | 1 };
    const at = graph.fixed({ type: 'int32', shape: [], data: Int32Array.of(axisOf(x, axis)) });
    return graph.emit('CumSum', [summable(graph, x), at], attributes, { shape: x.shape });
  },
};

import { backend_util, type DataType, upcastType } from '@tensorflow/tfjs-core';
import { unmet } from '../../../core/errors.js';
import type { ElementType } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { elementwise, number, where } from './elementwise.js';
import type { Table } from './kernels.js';

/** The `k` largest numbers of the last axis and their places, the first of equal ones first. */
function largest(graph: LazyGraph, given: Value, k: number): [Value, Value] {
  const x = given.type === 'bool' ? graph.cast(given, 'int32') : given;
  const axis = x.shape.length - 1;
  const shape = x.shape.with(axis, k);
  if (sizeOf(shape) === 0) return [graph.uniform(0, given.type, shape), graph.uniform(0, 'int32', shape)];
  // In order also where none is asked for: TensorFlow.js's own order then puts the first of equal ones first too.
  const attributes = { axis, largest: 1, sorted: 1 } as const;
  const values = graph.emit('TopK', [graph.logical(x), graph.ints(k)], attributes, { shape });
  return [graph.cast(values, given.type), graph.cast(graph.sibling(values, 1, 'int64'), 'int32')];
}

/** `x` along the diagonal of zeros, `[...shape, ...shape]`. */
function diagonal(graph: LazyGraph, x: Value): Value {
  const size = sizeOf(x.shape);
  const places = (shape: number[]) =>
    graph.fixed({ type: 'int32', shape, data: Int32Array.from({ length: size }, (_, place) => place) });
  const isDiagonal = elementwise(graph, 'Equal', [places([size, 1]), places([1, size])], 'bool');
  const row = graph.reshape(x, [1, size]);
  return graph.reshape(where(graph, isDiagonal, row, number(graph, 0, x)), [...x.shape, ...x.shape]);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** ONNX's own operator, which takes letters without regard to their case, and inputs of one type. */
function einsum(graph: LazyGraph, inputs: readonly Value[], equation: string): Value {
  const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, inputs.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, inputs.map(({ shape }) => ({ shape })) as never);
  if (allDims.length > LETTERS.length) {
    throw unmet({
      code: 'bad-input',
      what: 'the labels of an einsum on the onnxruntime backend',
      expected: `at most ${LETTERS.length}`,
      got: String(allDims.length),
      advice: 'Reshape what several labels stand for into one.',
    });
  }
  const sizes = allDims.map((_, label) => {
    const input = idDims.findIndex((labels) => labels.includes(label));
    return inputs[input]!.shape[idDims[input]!.indexOf(label)]!;
  });
  const named = (labels: readonly number[]) => labels.map((label) => LETTERS[label]!).join('');
  // TensorFlow.js numbers the output's labels first, then those that are summed over.
  const kept = [...allDims.keys()].filter((label) => !summedDims.includes(label));
  const spelt = `${idDims.map(named).join(',')}->${named(kept)}`;
  const type = inputs
    .map((value) => value.type as DataType)
    .reduce((a, b) => upcastType(a, b)) as ElementType;
  const operands = inputs.map((value) => graph.logical(graph.cast(value, type)));
  return graph.emit('Einsum', operands, { equation: spelt }, { shape: kept.map((label) => sizes[label]!) });
}

export const SELECTION: Table<'Diag' | 'Einsum' | 'TopK'> = {
  Diag: (graph, { x }) => diagonal(graph, x),
  Einsum: (graph, inputs, { equation }) => einsum(graph, inputs, equation),
  TopK: (graph, { x }, { k }) => largest(graph, x, k),
};

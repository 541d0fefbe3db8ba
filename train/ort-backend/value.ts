import type { DataType } from '@tensorflow/tfjs-core';
import { unmet } from '../../core/errors.js';
import type { Operator } from '../../onnx/operators.js';
import type { Constant, ElementType, TensorData } from '../../onnx/tensor.js';

/**
 * How a value of rank 4 lies in memory: as TensorFlow.js sees it, `[batch, height, width, channels]`; as ONNX convolves it,
 * `[batch, channels, height, width]`; or with the batch innermost, `[height, width, channels, batch]`, where a place of the
 * picture is one run of memory: cutting windows moves whole runs and a product over channels is a matrix product.
 */
export type Layout = 'logical' | 'channels-first' | 'batch-last';

/** For each layout the logical axes in the order in which they are stored. */
export const STORED_AXES: { readonly [L in Layout]: readonly number[] } = {
  logical: [0, 1, 2, 3],
  'channels-first': [0, 3, 1, 2],
  'batch-last': [1, 2, 3, 0],
};

/** One ONNX node that has not run yet. */
export interface Node {
  readonly kind: 'node';
  readonly operator: Operator;
  readonly inputs: readonly (Value | null)[];
  /** Operator and attributes as text: a part of the structure's key. */
  readonly signature: string;
  readonly attributes: object;
  outputCount: number;
  /** What is computed in this node's place: an output of a node that does more. */
  replacement?: Value;
}

/** Values that exist: written by TensorFlow.js, or computed by an earlier run. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly data: TensorData;
}

/** A value that belongs to the structure, not to the data: axes, shapes, ones to multiply by. */
export interface Fixed {
  readonly kind: 'fixed';
  readonly constant: Constant;
  /** Stands for the constant in the structure's key. */
  readonly identity: number;
  /** Set where it is the 0 of a gradient that nothing goes through, whatever the data: even infinity times it is 0. */
  readonly isNoGradient?: boolean;
}

/**
 * A tensor of the lazy graph. Immutable; several TensorFlow.js tensors may share one.
 *
 * `stored` is the shape in memory. It differs from `shape` where the layout is not the logical one and where a value that
 * repeats along some dimensions is kept once (size 1 there) and broadcast by whoever uses it.
 */
export interface Value {
  readonly source: Node | Leaf | Fixed;
  /** Which of the node's outputs. */
  readonly output: number;
  readonly type: ElementType;
  /** As TensorFlow.js sees it. */
  readonly shape: readonly number[];
  readonly layout: Layout;
  readonly stored: readonly number[];
}

const ELEMENT_TYPES: Partial<Record<DataType, TensorType>> = {
  float32: 'float32',
  int32: 'int32',
  bool: 'bool',
};

/** The types that TensorFlow.js and ONNX share. */
export type TensorType = 'float32' | 'int32' | 'bool';

/** The ONNX type of a TensorFlow.js type. */
export function elementType(dtype: DataType): TensorType {
  const type = ELEMENT_TYPES[dtype];
  if (!type) {
    throw unmet({
      code: 'bad-input',
      what: 'the type of a tensor on the onnxruntime backend',
      expected: 'float32, int32 or bool',
      got: dtype,
      advice: 'Use the cpu backend for strings and complex numbers.',
    });
  }
  return type;
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** The shape in memory of a full value. */
export const storedShape = (shape: readonly number[], layout: Layout): readonly number[] =>
  layout === 'logical' ? shape : permuted(shape, STORED_AXES[layout]);

export const permuted = (shape: readonly number[], permutation: readonly number[]): number[] =>
  permutation.map((axis) => shape[axis]!);

/** Whether two pictures on one memory have the same numbers in each channel, in whatever order of the other axes. */
export const sameChannels = (a: Value, b: Value): boolean =>
  [a, b].every(({ shape }) => shape.length === 4) &&
  sizeOf(a.shape) === sizeOf(b.shape) &&
  a.shape[3] === b.shape[3] &&
  channelStride(a) === channelStride(b);

/** How far apart in memory two neighbouring channels of a picture lie. */
const channelStride = ({ stored, layout }: Value): number =>
  sizeOf(stored.slice(STORED_AXES[layout].indexOf(3) + 1));

/** Whether a value is a gradient that nothing goes through, and not zeros that somebody computes with. */
export const isNoGradient = ({ source }: Value): boolean =>
  source.kind === 'fixed' && source.isNoGradient === true;

/** The number that every element of a fixed value is, or null. */
export function uniformValue({ source }: Value): number | null {
  return source.kind === 'fixed' && source.constant.data.length === 1
    ? Number(source.constant.data[0])
    : null;
}

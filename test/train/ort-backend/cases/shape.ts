import * as tf from '@tensorflow/tfjs-core';
import type { SHAPE } from '../../../../train/ort-backend/lowerings/shape.js';
import {
  bool,
  type Case,
  type CaseTable,
  check,
  DISCRETE,
  exactly,
  float,
  type InputSpec,
  int,
  named,
} from '../case.js';

type Operation = (x: tf.Tensor) => tf.Tensor | tf.Tensor[];

const IMAGE = [2, 3, 4, 3];

/** The same for float32 and int32. */
const moved = (title: string, shape: number[], compute: Operation, options: Partial<Case> = {}): Case[] =>
  [float(shape), int(shape)].map((spec) =>
    check(`${spec.dtype} ${named(shape)} ${title}`, [spec], compute, options),
  );

const joined = (axis: number, ...shapes: number[][]): Case =>
  check(
    `${named(...shapes)} along ${axis}`,
    shapes.map((shape) => float(shape)),
    (...inputs) => tf.concat(inputs, axis),
  );

const NOTHING = int([0]);

const mixed = (...inputs: InputSpec[]): Case =>
  check(
    inputs.map(({ dtype, shape }) => `${dtype} ${named(shape)}`).join(' and '),
    inputs,
    (...parts) => tf.concat(parts, -1),
    DISCRETE,
  );

const stacked = (axis: number, shape: number[], count: number): Case =>
  check(
    `${count} of ${named(shape)} along ${axis}`,
    Array.from({ length: count }, (): InputSpec => float(shape)),
    (...inputs) => tf.stack(inputs, axis),
  );

const transposed = (shape: number[], ...permutations: (number[] | undefined)[]): Case[] =>
  permutations.flatMap((perm) => moved(`by (${perm})`, shape, (x) => tf.transpose(x, perm)));

const repeatedBy = (shape: number[], reps: number[]): Case[] =>
  moved(`times (${reps})`, shape, (x) => tf.tile(x, reps));

const broadcastTo = (from: number[], shape: number[]): Case =>
  check(
    named(from, shape),
    [float(from)],
    (x) => tf.engine().runKernel('BroadcastTo', { x }, { shape, inputShape: x.shape }) as tf.Tensor,
    { reference: (x) => tf.broadcastTo(x, shape) },
  );

export const SHAPE_CASES: CaseTable<keyof typeof SHAPE> = {
  BroadcastTo: [
    broadcastTo([1, 3], [4, 3]),
    broadcastTo([2, 1, 1, 3], IMAGE),
    ...[[3], []].map((from) => ({
      ...broadcastTo(from, [2, 3]),
      withoutGradient: 'TensorFlow.js has none where the ranks differ',
    })),
  ],
  Concat: [
    joined(0, [2], [3]),
    joined(1, [2, 3], [2, 1], [2, 2]),
    joined(-1, [2, 3], [2, 1]),
    joined(3, IMAGE, [2, 3, 4, 2]),
    joined(1, IMAGE, [2, 1, 4, 3]),
    joined(0, [0, 3], [2, 3]),
    joined(1, [0, 2], [0, 3]),
    check('int32', [int([2]), int([3])], (a, b) => tf.concat([a, b])),
    mixed(float([2]), int([3]), bool([2])),
    mixed(int([2, 2]), float([2, 3])),
    mixed(NOTHING, float([2]), float([3])),
    mixed(NOTHING, float([2])),
  ],
  ExpandDims: [0, 1, -1].flatMap((axis) =>
    [[], [3], IMAGE]
      .filter(({ length }) => axis <= length)
      .flatMap((shape) => moved(`at ${axis}`, shape, (x) => tf.expandDims(x, axis))),
  ),
  Fill: [
    check('float32', [], () => tf.fill([2, 3], 1.5)),
    check('int32', [], () => tf.fill([4], 3, 'int32')),
    check('bool', [], () => tf.fill([4], 1, 'bool')),
    check('in a sum', [float([2, 3])], (x) => tf.add(x, tf.fill([2, 3], 2))),
  ],
  OneHot: [
    check('of a vector', [int([5], 0, 2)], (x) => tf.oneHot(x, 3)),
    check('of a matrix', [int([2, 3], 0, 3)], (x) => tf.oneHot(x, 4)),
    check('with other values', [int([5], 0, 2)], (x) => tf.oneHot(x, 3, 7, -1)),
    check('float32', [int([5], 0, 2)], (x) => tf.oneHot(x, 3, 0.5, 0.25, 'float32')),
    check('bool', [int([5], 0, 2)], (x) => tf.oneHot(x, 3, 1, 0, 'bool')),
    check('out of range', [exactly([-1, 0, 3], [3], 'int32')], (x) => tf.oneHot(x, 3)),
  ],
  Pack: [
    stacked(0, [], 3),
    stacked(0, [2, 3], 2),
    stacked(1, [2, 3], 3),
    stacked(2, [2, 3], 2),
    stacked(-1, [2, 3], 2),
    stacked(0, IMAGE, 2),
  ],
  PadV2: [
    ...moved('by 1 and 2', [3], (x) => tf.pad(x, [[1, 2]])),
    ...moved('with a constant', [2, 3], (x) =>
      tf.pad(
        x,
        [
          [0, 1],
          [2, 0],
        ],
        4,
      ),
    ),
    ...moved('around', IMAGE, (x) =>
      tf.pad(x, [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0],
      ]),
    ),
  ],
  Reshape: [
    ...moved('to [6]', [2, 3], (x) => tf.reshape(x, [6])),
    ...moved('to [2, -1]', IMAGE, (x) => tf.reshape(x, [2, -1])),
    ...moved('to another picture', IMAGE, (x) => tf.reshape(x, [2, 4, 3, 3])),
    ...moved('to [6, 12] to a picture', IMAGE, (x) => tf.reshape(tf.reshape(x, [6, 12]), IMAGE)),
    ...moved('to []', [1, 1], (x) => tf.reshape(x, [])),
    check('of nothing', [float([2, 0])], (x) => tf.square(tf.reshape(tf.square(x), [0, 3]))),
    check('of nothing, to a vector beside others', [float([4, 0]), float([2])], (x, others) =>
      tf.concat([tf.reshape(tf.square(x), [-1]), others]),
    ),
  ],
  Reverse: [[0], [-1], [1, 2], [], [0, 1, 2, 3]].flatMap((axes) =>
    moved(`along (${axes})`, IMAGE, (x) => tf.reverse(x, axes)),
  ),
  Slice: [
    ...moved('of a vector', [6], (x) => tf.slice(x, [2], [3])),
    ...moved('to the end', [3, 4], (x) => tf.slice(x, [1, 1], [2, -1])),
    ...moved('of everything', IMAGE, (x) => tf.slice(x, [0, 0, 0, 0], IMAGE)),
    ...moved('inside', IMAGE, (x) => tf.slice(x, [0, 1, 1, 1], [2, 2, 2, 1])),
    ...moved('of nothing', [3, 4], (x) => tf.slice(x, [1, 0], [0, 4])),
  ],
  SplitV: [
    ...moved('in two', [4, 3], (x) => tf.split(x, 2, 0)),
    ...moved('in one', [4, 3], (x) => tf.split(x, 1, 0), {
      withoutGradient: 'TensorFlow.js expects two parts or more, and throws',
    }),
    ...moved('by sizes', [6], (x) => tf.split(x, [1, 3, 2])),
    ...moved('by sizes, one of them open', IMAGE, (x) => tf.split(x, [1, -1], 3)),
  ],
  Tile: [
    ...repeatedBy([3], [2]),
    ...repeatedBy([1, 3], [4, 1]),
    ...repeatedBy([2, 1], [1, 1]),
    ...repeatedBy([2, 3], [2, 3]),
    ...repeatedBy([2, 1, 1, 3], [1, 3, 4, 1]),
    ...repeatedBy(IMAGE, [1, 2, 1, 2]),
  ],
  Transpose: [
    ...transposed([2, 3], undefined, [0, 1]),
    ...transposed([2, 3, 4], [1, 2, 0], [0, 2, 1]),
    ...transposed([1, 3, 1, 2], [1, 0, 2, 3], [3, 1, 0, 2], [2, 1, 3, 0]),
    ...transposed(IMAGE, [0, 3, 1, 2], [0, 2, 3, 1], [3, 2, 1, 0], [0, 1, 2, 3]),
  ],
  Unpack: [
    ...moved('along 0', [3, 2], (x) => tf.unstack(x, 0)),
    ...moved('along -1', [3, 2], (x) => tf.unstack(x, -1)),
    check('of nothing', [float([3, 0])], (x) => tf.unstack(tf.square(x), 0)),
    ...moved('along 3', IMAGE, (x) => tf.unstack(x, 3)),
    check('bool', [bool([2, 2])], (x) => tf.unstack(x), DISCRETE),
  ],
};

import * as tf from '@tensorflow/tfjs-core';
import type { BinaryKernel } from '../../../../train/ort-backend/lowerings/kernels.js';
import { bool, type Case, type CaseTable, check, DISCRETE, exactly, float, int, named } from '../case.js';

type Operation = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

interface Pair {
  a: number[];
  b: number[];
}

const SIGNED: Bounds = [-2, 2];
const AWAY_FROM_0: Bounds = [0.4, 3];
const IMAGE = [2, 3, 2, 3];

const ODD_NUMBERS = exactly([0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 2]);
/** Where an angle depends on signs alone. */
const ENDS = [0, -0, -2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
/** So many equal numbers that are written are kept as one. */
const LONG = 4096;

/** Pairs of shapes that broadcast: to themselves, each to the other, both to a third. */
const ALL_PAIRS: readonly Pair[] = [
  { a: [], b: [] },
  { a: [2, 3], b: [] },
  { a: [2, 3], b: [3] },
  { a: [2, 1], b: [1, 3] },
  { a: IMAGE, b: IMAGE },
  { a: IMAGE, b: [3] },
  { a: [3], b: IMAGE },
  { a: IMAGE, b: [1, 1, 1, 3] },
  { a: [2, 1, 1, 3], b: [2, 3, 2, 1] },
  { a: IMAGE, b: [3, 2, 1] },
  { a: [1, 3, 1, 3], b: [2, 1, 2, 1] },
];

/** For kernels that share their broadcasting with those that are tried on all. */
const SOME_PAIRS: readonly Pair[] = [
  { a: [2, 1], b: [1, 3] },
  { a: IMAGE, b: IMAGE },
  { a: IMAGE, b: [3] },
];

type Bounds = [number, number];

const over = (
  pairs: readonly Pair[],
  compute: Operation,
  low: Bounds = SIGNED,
  high: Bounds = SIGNED,
  options: Partial<Case> = {},
): Case[] =>
  pairs.map(({ a, b }) =>
    check(`float32 ${named(a, b)}`, [float(a, ...low), float(b, ...high)], compute, options),
  );

/** Only between equal shapes: elsewhere TensorFlow.js's gradient does not sum over what was broadcast, and throws. */
const unbroadcast = (cases: Case[]): Case[] =>
  cases.map((one) => {
    const [a, b] = one.inputs.map(({ shape }) => `${shape}`);
    return a === b ? one : { ...one, withoutGradient: 'TensorFlow.js has none where shapes differ' };
  });

const whole = (compute: Operation, [low, high]: Bounds = [-5, 5]): Case =>
  check('int32', [int(IMAGE, -9, 9), int([3], low, high)], compute);

const compared = (compute: Operation): Case[] => [
  ...over(SOME_PAIRS, compute, SIGNED, SIGNED, DISCRETE),
  whole(compute, [-1, 1]),
  check('equal numbers', [exactly([1, 2, -0, 3]), exactly([1, 3, 0, 2])], compute, DISCRETE),
  check('with no number', [exactly([1, Number.NaN]), exactly([Number.NaN, Number.NaN])], compute, DISCRETE),
];

const logical = (compute: Operation): Case[] =>
  SOME_PAIRS.map(({ a, b }) => check(named(a, b), [bool(a), bool(b)], compute));

const mixed = (compute: Operation): Case =>
  check('int32 and float32', [int([2, 3]), float([3], 1, 2)], compute);

export const BINARY_CASES: CaseTable<BinaryKernel> = {
  Add: [...over(ALL_PAIRS, tf.add), whole(tf.add), mixed(tf.add)],
  Atan2: [
    ...over(SOME_PAIRS, tf.atan2, SIGNED, AWAY_FROM_0),
    ...over(SOME_PAIRS, tf.atan2, SIGNED, [-3, -0.4]),
    check('on the axes', [exactly([0, 0, 0, 3, -3, Number.NaN]), exactly([0, 2, -2, 0, 0, 1])], tf.atan2, {
      withoutGradient: 'there is none at 0',
    }),
    check(
      'of zeros and infinities of either sign',
      [ENDS.flatMap((end) => ENDS.map(() => end)), ENDS.flatMap(() => ENDS)].map((side) => exactly(side)),
      tf.atan2,
      DISCRETE,
    ),
    mixed(tf.atan2),
  ],
  Equal: compared(tf.equal),
  FloorDiv: [
    whole(tf.floorDiv, [1, 4]),
    check(
      'signs',
      [exactly([7, -7, 7, -7], [4], 'int32'), exactly([3, 3, -3, -3], [4], 'int32')],
      tf.floorDiv,
    ),
    check(
      'large numbers, and by 0',
      [exactly([2147483647, -2147483647, 16777217, 5], [4], 'int32'), exactly([2, 3, 1, 0], [4], 'int32')],
      tf.floorDiv,
    ),
    check(
      'of numbers by 0 and by what is infinite',
      [exactly([1, -1, 0, -7.5, 5]), exactly([0, 0, 0, 2, Number.POSITIVE_INFINITY])],
      tf.floorDiv,
      DISCRETE,
    ),
    check(
      'quotients that float32 rounds up to whole numbers, and those beyond int32',
      [exactly([1, 6, -3, 7, -1e30]), exactly([0.1, 0.6, 0.3, -1e-10, 3e8])],
      tf.floorDiv,
      DISCRETE,
    ),
  ],
  Greater: compared(tf.greater),
  GreaterEqual: compared(tf.greaterEqual),
  Less: compared(tf.less),
  LessEqual: compared(tf.lessEqual),
  LogicalAnd: logical(tf.logicalAnd),
  LogicalOr: logical(tf.logicalOr),
  Maximum: [...unbroadcast(over(SOME_PAIRS, tf.maximum)), whole(tf.maximum)],
  Minimum: [...unbroadcast(over(SOME_PAIRS, tf.minimum)), whole(tf.minimum)],
  Mod: [
    ...over(SOME_PAIRS, tf.mod, SIGNED, AWAY_FROM_0),
    whole(tf.mod, [1, 4]),
    check('signs', [exactly([7, -7, 7, -7, 6, -6]), exactly([3, 3, -3, -3, 3, 3])], tf.mod, DISCRETE),
    check(
      'what float32 would round to the divisor',
      [exactly([-1e-10, 1e-10, -3, -1e-20]), exactly([1, -1, 3e9, 1])],
      tf.mod,
      DISCRETE,
    ),
    check('large quotients', [exactly([1e6, -1e6, 3e5]), exactly([0.7, 0.7, -0.3])], tf.mod, DISCRETE),
    check(
      'large numbers, and by 0',
      [exactly([2147483647, -2147483647, 5], [3], 'int32'), exactly([10, 10, 0], [3], 'int32')],
      tf.mod,
    ),
  ],
  Multiply: [
    ...over(ALL_PAIRS, tf.mul),
    whole(tf.mul),
    mixed(tf.mul),
    check('zeros by what is infinite or no number', [ODD_NUMBERS], (x) => [
      tf.mul(tf.zerosLike(x), x),
      tf.mul(x, tf.zerosLike(x)),
    ]),
    check('a long row of zeros by what is infinite', [exactly([Number.POSITIVE_INFINITY])], (x) =>
      tf.mul(tf.zeros([LONG]), x),
    ),
  ],
  NotEqual: compared(tf.notEqual),
  Pow: [
    ...over(SOME_PAIRS, tf.pow, AWAY_FROM_0, SIGNED),
    check('of negative numbers', [exactly([-2, -1, 3]), exactly([2, 3, 2])], tf.pow, DISCRETE),
    check('int32', [int([4], 1, 5), int([4], 0, 4)], tf.pow),
    check(
      'int32 beyond its range, and by what is below 0',
      [
        exactly([2, 2, -2, 10, 3, -7, 2, 2, 0], [9], 'int32'),
        exactly([31, 40, 31, 15, 33, 17, 70, -1, -1], [9], 'int32'),
      ],
      tf.pow,
    ),
  ],
  RealDiv: [
    ...over(ALL_PAIRS, tf.div, SIGNED, AWAY_FROM_0),
    mixed(tf.div),
    check('zeros by 0 and by what is infinite or no number', [ODD_NUMBERS], (x) =>
      tf.div(tf.zerosLike(x), x),
    ),
    check('a long row of zeros by another', [], () => tf.div(tf.zeros([LONG]), tf.zeros([LONG]))),
  ],
  SquaredDifference: [...unbroadcast(over(SOME_PAIRS, tf.squaredDifference)), whole(tf.squaredDifference)],
  Sub: [...over(ALL_PAIRS, tf.sub), whole(tf.sub), mixed(tf.sub)],
};

const several = (...shapes: number[][]): Case =>
  check(
    `${shapes.length} of ${named(shapes[0]!)}`,
    shapes.map((shape) => float(shape)),
    (...inputs) => tf.addN(inputs),
  );

const chosen = (condition: number[], shape: number[]): Case[] =>
  (['float32', 'int32'] as const).map((dtype) => {
    const values = dtype === 'float32' ? float(shape) : int(shape);
    return check(`${dtype} ${named(condition, shape)}`, [bool(condition), values, values], (mask, yes, no) =>
      tf.where(mask, yes, no),
    );
  });

export const SELECTION_CASES: CaseTable<'AddN' | 'EluGrad' | 'Prelu' | 'Select'> = {
  AddN: [several([3]), several([2, 3], [2, 3]), several([2, 3, 2, 3], [2, 3, 2, 3], [2, 3, 2, 3])],
  EluGrad: [[3], [2, 3, 2, 3]].map((shape) => check(named(shape), [float(shape)], tf.elu)),
  // The slope broadcasts to x, not x to the slope.
  Prelu: over(ALL_PAIRS, tf.prelu).filter(({ inputs: [x, slope] }) =>
    tf.util.arraysEqual(tf.broadcast_util.assertAndGetBroadcastShape(x!.shape, slope!.shape), x!.shape),
  ),
  Select: [
    ...chosen([4], [4]),
    ...chosen([2, 3], [2, 3]),
    ...chosen([2, 3, 2, 3], [2, 3, 2, 3]),
    check('bool', [bool([4]), bool([4]), bool([4])], (mask, yes, no) => tf.where(mask, yes, no)),
    check('broadcast', [bool([2, 1]), float([1, 3]), float([])], (mask, yes, no) => tf.where(mask, yes, no)),
    check(
      'a mask of rows',
      [bool([2]), float([2, 3]), float([2, 3])],
      (condition, t, e) => tf.engine().runKernel('Select', { condition, t, e }),
      {
        // The cpu backend takes element [i] where it means row i.
        reference: (mask, yes, no) => tf.where(tf.reshape(mask, [2, 1]), yes, no),
        withoutGradient: "TensorFlow.js's does not broadcast the mask",
      },
    ),
  ],
};

import * as tf from '@tensorflow/tfjs-core';
import type { ReduceKernel } from '../../../../train/ort-backend/lowerings/kernels.js';
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

type Axes = number | number[] | undefined;
type Reduction = (x: tf.Tensor, axes?: number | number[], keepDims?: boolean) => tf.Tensor;

interface Places {
  shape: number[];
  over: Axes[];
}

const IMAGE = [2, 3, 4, 3];

/** Axes to reduce: single ones, leading, trailing, in the middle, apart, unordered, none, all. */
const ALL_PLACES: Places[] = [
  { shape: [], over: [undefined] },
  { shape: [3, 4], over: [0, -1, undefined] },
  { shape: [2, 3, 4], over: [1, [0, 2], []] },
  { shape: IMAGE, over: [[0, 1, 2], [1, 2], 2, 3, 0, [2, 1, 0], [1, 3], undefined] },
];

const SOME_PLACES: Places[] = [
  { shape: [3, 4], over: [-1, undefined] },
  { shape: IMAGE, over: [[1, 2], 3, []] },
];

const reduced = (
  places: readonly Places[],
  make: (shape: number[]) => InputSpec,
  reduce: Reduction,
  options: Partial<Case> = {},
): Case[] =>
  places.flatMap(({ shape, over }) =>
    over.flatMap((axes) =>
      [false, true].map((keepDims) => {
        const spec = make(shape);
        const place = axes === undefined ? 'all' : `(${axes})`;
        const title = `${spec.dtype} ${named(shape)} over ${place}${keepDims ? ', kept' : ''}`;
        return check(title, [spec], (x) => reduce(x, axes, keepDims), options);
      }),
    ),
  );

const floats = (shape: number[]) => float(shape);
const whole = (shape: number[]) => int(shape, -2, 2);

/** Whole numbers of which int32 does not hold what is made. */
const beyondRange = (reduce: Reduction, values: number[]): Case[] =>
  [0, 1, undefined].map((axis) =>
    check(`${values} over ${axis ?? 'all'}`, [exactly(values, [2, 3], 'int32')], (x) => reduce(x, axis)),
  );

const MILLION = float([1000, 1000], 0.1, 0.1);
/** The gradient of what is repeated so often takes minutes. */
const AS_WRITTEN: Partial<Case> = { origins: [] };

const extremum = (reduce: Reduction): Case[] => [
  ...reduced(SOME_PLACES, floats, reduce),
  ...reduced(SOME_PLACES, whole, reduce),
  check(
    'with no number among them',
    [exactly([1, Number.NaN, 3, 4, -2, 5], [2, 3])],
    (x) => reduce(x, 1),
    DISCRETE,
  ),
];

const truths = (reduce: Reduction): Case[] =>
  reduced(SOME_PLACES, (shape) => bool(shape), reduce).filter(({ title }) => !title.includes('()'));

export const REDUCE_CASES: CaseTable<ReduceKernel | 'Max' | 'ArgMax' | 'ArgMin'> = {
  All: truths(tf.all),
  Any: [...truths(tf.any), check('of none', [bool([2, 0])], (x) => tf.any(x, 1))],
  ArgMax: argument((x, axis) => tf.argMax(x, axis)),
  ArgMin: argument((x, axis) => tf.argMin(x, axis)),
  Max: extremum(tf.max),
  // The mean of whole numbers is a float32, but they have no gradient.
  Mean: [
    ...reduced(ALL_PLACES, floats, tf.mean),
    ...reduced(SOME_PLACES, whole, tf.mean),
    check('of a million equal numbers', [MILLION], (x) => tf.mean(x), AS_WRITTEN),
  ],
  Min: extremum(tf.min),
  Prod: [
    ...reduced(SOME_PLACES, floats, tf.prod, {
      withoutGradient: "TensorFlow.js's calls methods of tensors that nobody registers here",
    }),
    ...reduced(SOME_PLACES, whole, tf.prod),
    ...beyondRange(tf.prod, [65537, 65536, -3, 2, 46341, 46341]),
    ...beyondRange(tf.prod, [2 ** 30, 2 ** 30, 2 ** 30, 99999, 99998, 97]),
  ],
  Sum: [
    ...reduced(ALL_PLACES, floats, tf.sum),
    ...reduced(SOME_PLACES, whole, tf.sum),
    ...beyondRange(tf.sum, [2 ** 31 - 1, 2 ** 31 - 1, 7, -(2 ** 31), -(2 ** 31), -1]),
    check('bool', [bool([2, 3])], (x) => tf.sum(x, 1)),
    check('of so many that rounding shows', [float([200, 500], 0, 1)], (x) => tf.sum(x)),
    check('of a million equal numbers', [MILLION], (x) => tf.sum(x), AS_WRITTEN),
    ...[0, 1].map((axis) => {
      const shape = [2, 2].with(axis, 100_003);
      return check(
        `along ${axis} of ${named(shape)}`,
        [float(shape, 0.1, 0.1)],
        (x) => tf.sum(x, axis),
        AS_WRITTEN,
      );
    }),
  ],
};

function argument(find: (x: tf.Tensor, axis: number) => tf.Tensor): Case[] {
  const places: [number[], number][] = [
    [[5], 0],
    [[3, 4], 1],
    [[3, 4], -1],
    [[3, 4], 0],
    [[2, 3, 4, 3], 3],
    [[2, 3, 4, 3], 1],
  ];
  const odd = [
    check(
      'with no number among them',
      [exactly([1, Number.NaN, 3, 4, -2, 5], [2, 3])],
      (x) => find(x, 1),
      DISCRETE,
    ),
    check(
      'with no number first',
      [
        exactly(
          [Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NaN, Number.NEGATIVE_INFINITY, Number.NaN],
          [2, 3],
        ),
      ],
      (x) => [find(x, 0), find(x, 1)],
      DISCRETE,
    ),
    check('bool', [bool([3, 4])], (x) => find(x, 1), DISCRETE),
  ];
  const cases = places.flatMap(([shape, axis]) =>
    // Few whole numbers, so that the first of equal ones must be found.
    [float(shape), int(shape, 0, 2)].map((spec) =>
      check(`${spec.dtype} ${named(shape)} along ${axis}`, [spec], (x) => find(x, axis), DISCRETE),
    ),
  );
  return [...cases, ...odd];
}

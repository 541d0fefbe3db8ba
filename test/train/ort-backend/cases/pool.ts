import * as tf from '@tensorflow/tfjs-core';
import type { POOL } from '../../../../train/ort-backend/lowerings/pool.js';
import { type Case, type CaseTable, check, DISCRETE, exactly, float, int } from '../case.js';

type Sides = number | [number, number];
type Pad = Parameters<typeof tf.maxPool>[3];
type Rounding = 'floor' | 'round' | 'ceil';
type Pool = (x: tf.Tensor4D, size: Sides, strides: Sides, pad: Pad, rounding?: Rounding) => tf.Tensor4D;

interface Place {
  title: string;
  image?: number[];
  size: Sides;
  strides?: Sides;
  pad?: Pad;
  rounding?: Rounding;
}

const IMAGE = [2, 6, 5, 3];

const UNPADDED: readonly Place[] = [
  { title: '2 by 2', size: 2 },
  { title: '2 by 2, a column left over', image: [2, 7, 7, 2], size: 2 },
  { title: '3 by 2, overlapping', size: 3, strides: 2 },
  { title: '3 by 1', size: 3, strides: 1 },
  { title: '2 by 3, with gaps', size: 2, strides: 3 },
  { title: 'no square', size: [1, 3], strides: [2, 1] },
  { title: 'all of the picture', size: [6, 5], strides: 1 },
  { title: '1 by 1', size: 1, strides: 1 },
];

const PADDED: readonly Place[] = [
  { title: 'same, 2 by 2', size: 2, pad: 'same' },
  { title: 'same, 3 by 2', size: 3, strides: 2, pad: 'same' },
  { title: 'same, 3 by 2, of an even picture', image: [2, 8, 6, 2], size: 3, strides: 2, pad: 'same' },
  { title: 'same, 3 by 1', size: 3, strides: 1, pad: 'same' },
  { title: 'padding by a number', size: 3, strides: 2, pad: 1 },
  { title: 'padding by a number, no square', size: [3, 2], strides: [2, 1], pad: 1 },
  { title: 'padding by a number, as wide as the window', size: [3, 1], strides: 1, pad: 1 },
  {
    title: 'padding by sides',
    size: 3,
    strides: 2,
    pad: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  },
];

/** Windows that hold nothing but padding. */
const WIDE: readonly Place[] = [
  { title: 'padding as wide as the window', size: 2, strides: 1, pad: 2 },
  { title: 'padding wider than the window', size: 1, strides: 2, pad: 2 },
];

/** Pictures that the window does not fit in, in a batch that lies channels-first and in one that lies batch-last. */
const TOO_SMALL: readonly Place[] = [2, 32].map((batch) => ({
  title: `a picture lower than the window, batch ${batch}`,
  image: [batch, 2, 4, 3],
  size: 3,
  strides: 2,
}));

const ROUNDED: Place = { title: 'rounded up', size: 2, strides: 2, pad: 0, rounding: 'ceil' };

const pools = (pool: Pool, places: readonly Place[], options: Partial<Case> = {}): Case[] =>
  places.map(({ title, image = IMAGE, size, strides = size, pad = 'valid', rounding }) =>
    check(title, [float(image)], (x) => pool(x as tf.Tensor4D, size, strides, pad, rounding), options),
  );

/** A picture of whole numbers in which maxima come twice, as they do where a rectifier gave 0. */
const TIES = exactly(
  [0, 0, 1, 1, 0, 0, 1, 0, 2, 1, 0, 0, 2, 2, 0, 0].flatMap((value) => [value, 0]),
  [1, 4, 4, 2],
);

/** Numbers and infinities of both signs, in every window a number or infinity above 0; the latter twice in some. */
const INFINITE = exactly(
  Array.from({ length: 72 }, (_, place) => [Infinity, -Infinity, 1, 2, -3][(7 * place + (place >> 3)) % 5]!),
  [1, 6, 6, 2],
);

/** Pools, and gives its windows the gradients that they would have with finite numbers. */
const pooledInfinities: (pad: Pad, size: number, strides: number) => Case['compute'] =
  (pad, size, strides) => (x) =>
    tf.customGrad((pooled) => ({
      value: tf.clipByValue(pooled as tf.Tensor, -4, 4),
      gradFunc: (dy) => dy as tf.Tensor,
    }))(tf.maxPool(x as tf.Tensor4D, size, strides, pad));

/** {@link ROUNDED}, by a column that no number is less than. */
const roundedUp: Case['compute'] = (x) => {
  const column: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 1],
    [0, 0],
  ];
  return tf.maxPool(tf.pad(x as tf.Tensor4D, column, Number.NEGATIVE_INFINITY), 2, 2, 'valid');
};

const CPU_DIVIDES_BY_WINDOW = {
  withoutGradient: "the cpu backend's is not that of its forward pass; see average-pool.test.ts",
};

export const POOL_CASES: CaseTable<keyof typeof POOL> = {
  AvgPool: [
    ...pools(tf.avgPool, UNPADDED),
    ...pools(tf.avgPool, TOO_SMALL, { origins: ['batch-last'] }),
    ...pools(tf.avgPool, [...PADDED, ...WIDE, ROUNDED], CPU_DIVIDES_BY_WINDOW),
  ],
  AvgPoolGrad: pools((x, ...rest) => tf.avgPool(tf.square(x), ...rest), UNPADDED.slice(0, 3)),
  MaxPool: [
    ...pools(tf.maxPool, [...UNPADDED, ...PADDED, ...WIDE]),
    ...pools(tf.maxPool, TOO_SMALL, { origins: ['batch-last'] }),
    ...['valid' as const, 'same' as const].map((pad) =>
      check(
        `nothing but -Infinity, ${pad}`,
        [exactly(new Array(72).fill(Number.NEGATIVE_INFINITY), [1, 6, 6, 2])],
        (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, pad),
        DISCRETE,
      ),
    ),
    // TensorFlow.js's gradient forgets the rounding.
    ...pools(tf.maxPool, [ROUNDED], { reference: roundedUp }),
    check('int32', [int(IMAGE, -(2 ** 30), 2 ** 30)], (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same')),
  ],
  MaxPoolGrad: [
    check('equal maxima', [TIES], (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')),
    check('equal maxima, overlapping', [TIES], (x) => tf.maxPool(x as tf.Tensor4D, 3, 1, 'same')),
    check('equal maxima, overlapping by one', [TIES], (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same')),
    check('infinite maxima', [INFINITE], pooledInfinities('valid', 2, 2)),
    check('infinite maxima, overlapping by one', [INFINITE], pooledInfinities('same', 3, 2)),
    check('infinite maxima, overlapping', [INFINITE], pooledInfinities('same', 3, 1)),
    check('infinite maxima, with gaps', [INFINITE], pooledInfinities('valid', 2, 3)),
    check('after a rectifier', [float(IMAGE)], (x) => tf.maxPool(tf.relu(x) as tf.Tensor4D, 2, 2, 'valid')),
    check('of all negative numbers, padded', [float(IMAGE, -3, -1)], (x) =>
      tf.maxPool(x as tf.Tensor4D, 3, 2, 'same'),
    ),
  ],
};

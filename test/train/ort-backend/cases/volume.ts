import * as tf from '@tensorflow/tfjs-core';
import type { VOLUME } from '../../../../train/ort-backend/lowerings/volume.js';
import { type Case, type CaseTable, check, DISCRETE, exactly, float } from '../case.js';

type Three = number | [number, number, number];

interface Place {
  title: string;
  filter: number[];
  strides?: Three;
  pad?: 'valid' | 'same';
}

const VOLUME_SHAPE = [2, 4, 5, 4, 2];

const PLACES: readonly Place[] = [
  { title: '1 x 1 x 1', filter: [1, 1, 1, 2, 3] },
  { title: '2 x 3 x 2', filter: [2, 3, 2, 2, 3] },
  { title: '3 x 3 x 3 same', filter: [3, 3, 3, 2, 2], pad: 'same' },
  { title: 'stride 2', filter: [2, 2, 2, 2, 3], strides: 2 },
  { title: 'stride 2 same', filter: [3, 3, 3, 2, 2], strides: 2, pad: 'same' },
  { title: '1 x 1 x 1, stride 2 same', filter: [1, 1, 1, 2, 3], strides: 2, pad: 'same' },
  { title: '2 x 2 x 2, stride 4 same', filter: [2, 2, 2, 2, 2], strides: 4, pad: 'same' },
  { title: 'higher than the volume', filter: [5, 1, 1, 2, 2] },
  { title: 'strides of three kinds', filter: [2, 2, 2, 2, 1], strides: [1, 2, 1] },
];

/** A tensor of rank 5 that repeats has no gradient in TensorFlow.js. */
const UNREPEATED: Partial<Case> = { origins: ['zeros', 'ones'] };

const CONVOLVED: Partial<Case> = {
  ...UNREPEATED,
  tolerance: { within: 1e-4, because: 'float32 sums of dozens of products' },
};

const convolve = ({ title, filter, strides = 1, pad = 'valid' }: Place): Case =>
  check(
    title,
    [float(VOLUME_SHAPE), float(filter, -0.5, 0.5)],
    (x, kernel) => tf.conv3d(x as tf.Tensor5D, kernel as tf.Tensor5D, strides, pad),
    CONVOLVED,
  );

const transposed = (strides: number): Case =>
  check(
    `stride ${strides}`,
    [float([2, 2, 3, 2, 3]), float([2, 2, 2, 2, 3], -0.5, 0.5)],
    (x, kernel) => {
      const extent = (size: number) => (size - 1) * strides + 2;
      const shape: [number, number, number, number, number] = [2, extent(2), extent(3), extent(2), 2];
      return tf.conv3dTranspose(x as tf.Tensor5D, kernel as tf.Tensor5D, shape, strides, 'valid');
    },
    { ...CONVOLVED, withoutGradient: 'TensorFlow.js has none' },
  );

type Pool = (x: tf.Tensor5D, size: Three, strides: Three, pad: 'valid' | 'same') => tf.Tensor5D;

const pools = (
  pool: Pool,
  pad: 'valid' | 'same',
  options: Partial<Case> = {},
  oblong: Partial<Case> = {},
): Case[] =>
  (
    [
      [2, 2],
      [3, 1],
      [2, 3],
      [1, 2],
      [[1, 2, 3], 1],
    ] as const
  ).map(([size, strides]) =>
    check(
      `${pad}, ${size} by ${strides}`,
      [float(VOLUME_SHAPE)],
      (x) => pool(x as tf.Tensor5D, size as Three, strides, pad),
      // The cpu backend finds the place of the maximum by the height of the window where it means the width.
      { ...UNREPEATED, ...(typeof size === 'number' ? {} : oblong), ...options },
    ),
  );

/** A volume that the window does not fit in. */
const tooSmall = (pool: Pool): Case =>
  check(
    'a volume flatter than the window',
    [float([2, 2, 5, 5, 2])],
    (x) => pool(x as tf.Tensor5D, 3, 2, 'valid'),
    UNREPEATED,
  );

const CPU_MISTAKES = { withoutGradient: "the cpu backend's is wrong where a window is no cube" };
const CPU_DIVIDES_BY_WINDOW = { withoutGradient: "the cpu backend's is not that of its forward pass" };

export const VOLUME_CASES: CaseTable<keyof typeof VOLUME> = {
  AvgPool3D: [
    ...pools(tf.avgPool3d, 'valid'),
    tooSmall(tf.avgPool3d),
    ...pools(tf.avgPool3d, 'same', CPU_DIVIDES_BY_WINDOW),
    check(
      'padding as wide as the window',
      [float([1, 2, 2, 2, 2])],
      (x) => tf.avgPool3d(x as tf.Tensor5D, 2, 1, 2),
      { ...UNREPEATED, ...CPU_DIVIDES_BY_WINDOW },
    ),
  ],
  AvgPool3DGrad: pools((x, ...rest) => tf.avgPool3d(tf.square(x), ...rest), 'valid'),
  Conv3D: PLACES.map(convolve),
  Conv3DBackpropFilterV2: [
    check(
      'one filter twice',
      [float(VOLUME_SHAPE), float([2, 2, 2, 2, 2], -0.5, 0.5)],
      (x, filter) => {
        const kernel = filter as tf.Tensor5D;
        return tf.conv3d(tf.relu(tf.conv3d(x as tf.Tensor5D, kernel, 1, 'same')), kernel, 2, 'same');
      },
      CONVOLVED,
    ),
  ],
  Conv3DBackpropInputV2: [transposed(1), transposed(2)],
  MaxPool3D: [
    ...pools(tf.maxPool3d, 'valid', {}, CPU_MISTAKES),
    ...pools(tf.maxPool3d, 'same', {}, CPU_MISTAKES),
    tooSmall(tf.maxPool3d),
    ...['valid' as const, 'same' as const].map((pad) =>
      check(
        `nothing but -Infinity, ${pad}`,
        [exactly(new Array(54).fill(Number.NEGATIVE_INFINITY), [1, 3, 3, 3, 2])],
        (x) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, pad),
        DISCRETE,
      ),
    ),
  ],
  MaxPool3DGrad: pools((x, ...rest) => tf.maxPool3d(tf.relu(x), ...rest), 'valid').slice(0, 3),
};

import * as tf from '@tensorflow/tfjs-core';
import type { NORMALIZATION } from '../../../../train/ort-backend/lowerings/normalization.js';
import { type Case, type CaseTable, check, float, type InputSpec, named } from '../case.js';

const IMAGE = [2, 3, 4, 3];
const vector = (low: number, high: number): InputSpec => float([3], low, high);
const MEAN = vector(-1, 1);
const VARIANCE = vector(0.3, 2);
const SCALE = vector(0.5, 2);
const OFFSET = vector(-1, 1);

const normalized = (shape: number[], epsilon?: number): Case =>
  check(
    `given statistics ${named(shape)}${epsilon ? `, epsilon ${epsilon}` : ''}`,
    [float(shape), MEAN, VARIANCE, OFFSET, SCALE],
    (x, ...vectors) => {
      const [mean, variance, offset, scale] = vectors as tf.Tensor1D[];
      return tf.batchNorm(x, mean!, variance!, offset, scale, epsilon);
    },
  );

const ABOUT_ZERO = {
  within: 1e-3,
  because: 'ours sums the products of input and gradient about 0, and takes what the mean adds off after',
};

const ROUNDING = {
  within: 1e-4,
  because: 'equal inputs differ from their mean by rounding, which 1 / sqrt(epsilon) enlarges',
};

/** Statistics of the batch itself, the way through them included, as a layer takes them in training. */
const fromMoments = (
  title: string,
  x: InputSpec,
  axes: number[],
  through: (x: tf.Tensor) => tf.Tensor,
  tolerance = ROUNDING,
): Case =>
  check(
    title,
    [x, OFFSET, SCALE],
    (input, offset, scale) => {
      const hidden = through(input);
      const { mean, variance } = tf.moments(hidden, axes);
      return tf.batchNorm(
        hidden,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        1e-3,
      );
    },
    { tolerance },
  );

const softened = (shape: number[], dim = -1): Case =>
  check(`${named(shape)} along ${dim}`, [float(shape, -4, 4)], (x) => tf.softmax(x, dim));

const NOT_SAVED = { withoutGradient: 'TensorFlow.js cannot save an input that is not there, and throws' };

const BATCH_NORM: readonly Case[] = [
  normalized(IMAGE),
  normalized(IMAGE, 0.1),
  normalized([4, 2, 3]),
  normalized([4, 3]),
  check(
    'without scale',
    [float(IMAGE), MEAN, VARIANCE, OFFSET],
    (x, mean, variance, offset) =>
      tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D),
    NOT_SAVED,
  ),
  check(
    'without offset',
    [float(IMAGE), MEAN, VARIANCE, SCALE],
    (x, mean, variance, scale) =>
      tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, undefined, scale as tf.Tensor1D),
    NOT_SAVED,
  ),
  check(
    'without either',
    [float(IMAGE), MEAN, VARIANCE],
    (x, mean, variance) => tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D),
    NOT_SAVED,
  ),
  check(
    'statistics an element',
    [float(IMAGE), float(IMAGE), float(IMAGE, 0.3, 2), float(IMAGE), float(IMAGE)],
    (x, ...tensors) => {
      const [mean, variance, offset, scale] = tensors as tf.Tensor4D[];
      return tf.batchNorm(x, mean!, variance!, offset, scale);
    },
  ),
];

const OWN: readonly Case[] = [
  fromMoments('own moments', float(IMAGE), [0, 1, 2], (x) => x),
  fromMoments('own moments of a rectified input', float(IMAGE), [0, 1, 2], tf.relu),
  fromMoments('own moments, one number a channel and picture', float([4, 1, 1, 3]), [0, 1, 2], (x) => x),
  fromMoments('own moments after a bias', float(IMAGE), [0, 1, 2], (x) =>
    tf.add(x, tf.tensor1d(Array.from({ length: IMAGE[3]! }, (_, channel) => channel - 1.5))),
  ),
  fromMoments('own moments, far from 0', float(IMAGE, 49, 51), [0, 1, 2], (x) => x, ABOUT_ZERO),
  fromMoments('own moments of a matrix', float([5, 3]), [0], (x) => x),
];

/** A layer as networks have it: gradients that pass from one kernel's lowering to the next take short cuts there. */
const layer = (batch: number, side: number, channels: number): Case =>
  check(
    `convolution ${side}x${side} of ${batch}, bias, own moments, pool`,
    [float([batch, 6, 6, channels]), float([side, side, channels, channels]), float([channels]), ...LAYER],
    (x, filter, bias, offset, scale) => {
      const hidden = tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias);
      const { mean, variance } = tf.moments(hidden, [0, 1, 2]);
      const [shift, gain] = [offset, scale].map((numbers) => tf.tile(numbers!, [channels / 2]));
      const normalized = tf.batchNorm(
        hidden,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        shift as tf.Tensor1D,
        gain as tf.Tensor1D,
      );
      return tf.maxPool(tf.relu(normalized) as tf.Tensor4D, 3, 2, 'same');
    },
    // Of equal pictures the gradients would be differences of equal numbers.
    { tolerance: ROUNDING, origins: [] },
  );
const LAYER = [float([2], -1, 1), float([2], 0.5, 2)];

/** What looks like the batch's own statistics and is not: the gradient must go another way. */
const OTHER: readonly Case[] = [
  check(
    'moments of another input',
    [float(IMAGE), float(IMAGE), OFFSET, SCALE],
    (x, other, offset, scale) => {
      const { mean, variance } = tf.moments(other, [0, 1, 2]);
      return tf.batchNorm(
        x,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
      );
    },
  ),
  check(
    'own mean, another variance',
    [float(IMAGE), VARIANCE, OFFSET, SCALE],
    (x, variance, offset, scale) => {
      const mean = tf.mean(x, [0, 1, 2]) as tf.Tensor1D;
      return tf.batchNorm(x, mean, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D);
    },
  ),
  check(
    'own moments, scaled by the own mean',
    [float(IMAGE), OFFSET],
    (x, offset) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(
        x,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        tf.mul(mean, 2) as tf.Tensor1D,
      );
    },
    { tolerance: ROUNDING },
  ),
  check(
    'own moments, used a second time',
    [float(IMAGE), OFFSET, SCALE],
    (x, offset, scale) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const normalized = tf.batchNorm(
        x,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
      );
      return [normalized, tf.mul(mean, 3), tf.square(variance)];
    },
    { tolerance: ROUNDING },
  ),
];

export const NORMALIZATION_CASES: CaseTable<keyof typeof NORMALIZATION> = {
  FusedBatchNorm: BATCH_NORM,
  Softmax: [softened([4]), softened([2, 5]), softened(IMAGE), softened([2, 3, 4])],
  batchNormGradient: [...OWN, ...OTHER, layer(2, 3, 4), layer(32, 1, 4), layer(32, 3, 8)],
};

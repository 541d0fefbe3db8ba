import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { type Case, check, DISCRETE, float } from './case.js';
import { assertClose, REFERENCE, registerBackends, runCase } from './compare.js';

registerBackends();

/** What depends on the shape. */
const OPERATIONS: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  transpose: (x) => tf.transpose(x),
  softmax: (x) => tf.softmax(x),
  slice: (x) => tf.slice(x, [0, 0], [2, 1]),
  max: (x) => tf.max(x, 1),
  tile: (x) => tf.tile(x, [1, 2]),
  // The step reads the rectified tensor where there is one.
  'relu and step': (x) => tf.add(tf.relu(x), tf.add(tf.step(x), tf.range(0, x.shape[1]!))),
};

for (const [name, operate] of Object.entries(OPERATIONS)) {
  test(`${name}: one tensor read under two shapes at once gives what each shape gives`, async () => {
    const one = check(name, [float([3, 2])], (x) => [operate(x), operate(tf.reshape(x, [2, 3]))], DISCRETE);
    await compare(one);
  });
}

/** Normalises by the own statistics, which does not feel a shift of a channel. */
function normalized(x: tf.Tensor): tf.Tensor {
  const channels = [x.shape.at(-1)!] as const;
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const [average, spread] = [mean, variance] as tf.Tensor1D[];
  return tf.batchNorm(x, average!, spread!, tf.zeros([...channels]), tf.ones([...channels]), 1e-2);
}

const ROUNDING = { tolerance: { within: 1e-4, because: 'statistics of the batch enlarge what is rounded' } };

const normalizedAfter = (from: number[], to: number[]): Case =>
  check(
    `a bias of ${from[3]} channels, then a batch normalisation of ${to[3]}`,
    [float(from), float([from[3]!])],
    (x, bias) => normalized(tf.reshape(tf.add(x, bias), to)),
    ROUNDING,
  );

const scaledAfter = (channels: number, to: number[]): Case =>
  check(
    `a convolution to ${channels} channels, then a factor for each of ${to[3]}`,
    [float([2, 4, 8, 1]), float([3, 3, 1, channels]), float([to[3]!])],
    (x, filter, factors) =>
      tf.mul(tf.reshape(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), to), factors),
    ROUNDING,
  );

for (const one of [
  normalizedAfter([4, 2, 2, 4], [4, 4, 4, 1]),
  normalizedAfter([4, 2, 2, 4], [64, 1, 1, 1]),
  normalizedAfter([8, 1, 2, 2], [8, 1, 1, 4]),
  normalizedAfter([8, 1, 1, 4], [32, 1, 1, 1]),
  normalizedAfter([8, 1, 2, 2], [8, 2, 1, 2]),
  scaledAfter(1, [2, 4, 4, 2]),
  scaledAfter(4, [2, 4, 8, 4]),
  scaledAfter(4, [2, 8, 4, 4]),
  scaledAfter(4, [2, 4, 16, 2]),
]) {
  test(`${one.title}: a reshape between makes other channels, or leaves them`, () => compare(one));
}

async function compare(one: Case): Promise<void> {
  const written = one.inputs.map(() => 'written' as const);
  const expected = await runCase(REFERENCE, one, written);
  const actual = await runCase(BACKEND_NAME, one, written).catch((cause: Error) => {
    // What cannot be computed must not be asked for by the next test's read.
    registerBackends();
    throw cause;
  });
  assertClose(actual, expected, one.title);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { planProgram } from '../../../train/ort-backend/program.js';
import {
  assertClose,
  REFERENCE,
  type Result,
  read,
  registerBackends,
  TEST_DEVICE,
  useOurs,
} from './compare.js';

// Whether the gradients are right is in cases/normalization.ts; here is what they cost.

registerBackends();

const IMAGE = [4, 5, 5, 3];
const filled = (shape: number[], number: number) =>
  tf.tensor(new Float32Array(tf.util.sizeFromShape(shape)).fill(number), shape);

interface Statistics {
  mean: tf.Tensor;
  variance: tf.Tensor;
}

/** A convolution and a batch normalisation after it: how often each operator stands in the output and gradients. */
async function operatorsOf(statistics: (x: tf.Tensor) => Statistics): Promise<Map<string, number>> {
  const ours = await useOurs();
  const counts = new Map<string, number>();
  tf.tidy(() => {
    const filter = tf.reshape(tf.eye(3), [1, 1, 3, 3]) as tf.Tensor4D;
    const normalize = (...[x, offset, scale]: tf.Tensor[]) => {
      const hidden = tf.conv2d(x as tf.Tensor4D, filter, 1, 'same');
      const { mean, variance } = statistics(hidden);
      const vectors = [mean, variance, offset, scale] as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      return tf.batchNorm(hidden, ...vectors) as tf.Tensor;
    };
    const inputs = [filled(IMAGE, 2), filled([3], 0.5), filled([3], 1.5)];
    const { value, grads } = tf.valueAndGrads(normalize)(inputs, filled(IMAGE, 3));
    const { nodes } = planProgram([value, ...grads].map((tensor) => ours.valueFor(tensor)));
    for (const { operator } of nodes) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  });
  return counts;
}

const ownMoments = (x: tf.Tensor) => tf.moments(x, [0, 1, 2]);

test("the batch's own statistics: one operator makes them and normalises", async (context) => {
  if (TEST_DEVICE !== 'cpu') return context.skip('other providers have no such operator');
  const counts = await operatorsOf(ownMoments);
  assert.equal(counts.get('BatchNormalization'), 2, 'one forward, one for the gradient of x');
  assert.equal(counts.get('MatMul'), 3, 'two sums for the gradients, one of them in two steps; none forward');
  assert.equal(counts.has('Div'), false, "TensorFlow.js's gradient of moments is not there");
});

test('a batch that is no number does not spoil the next one', async () => {
  await useOurs();
  const normalized = async (values: number[]) => {
    const x = tf.tensor4d(values, [2, 1, 1, 1]);
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const result = tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D);
    // Within the graph the statistics are written over the old ones.
    const shifted = tf.add(mean, 1);
    tf.dispose([mean, variance]);
    return [...(await result.data()), ...(await shifted.data())].map((value) => value.toFixed(3));
  };
  const expected = ['-1.000', '1.000', '3.000'];
  assert.deepEqual(await normalized([1, 3]), expected);
  assert.deepEqual(await normalized([Number.NaN, 3]), ['NaN', 'NaN', 'NaN']);
  assert.deepEqual(await normalized([1, 3]), expected);
});

test('a copy of the input is the same input', async () => {
  assert.deepEqual(await operatorsOf((x) => ownMoments(tf.clone(x))), await operatorsOf(ownMoments));
});

test('statistics that only look alike are not taken for the own ones', async () => {
  const others = {
    'given ones': () => ({ mean: filled([3], 1), variance: filled([3], 1) }),
    'another variance': (x: tf.Tensor) => ({ ...ownMoments(x), variance: filled([3], 1) }),
    'moments of another tensor': (x: tf.Tensor) => ownMoments(tf.add(x, 1)),
  };
  for (const [name, statistics] of Object.entries(others)) {
    const counts = await operatorsOf(statistics);
    assert.equal(counts.get('BatchNormalization'), 1, name);
  }
});

test('the own statistics, handed in from outside of the gradient, are constants or inputs to it', async () => {
  const gradients = async (backend: string): Promise<Result[]> => {
    await tf.setBackend(backend);
    return read(
      tf.tidy(() => {
        const x = tf.tensor4d(
          Float32Array.from({ length: 24 }, (_, index) => Math.sin(1.7 * index)),
          [2, 2, 2, 3],
        );
        const weights = tf.cos(tf.mul(x, 3));
        const normalize = (input: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor) =>
          tf.mul(
            tf.batchNorm(input, mean as tf.Tensor1D, variance as tf.Tensor1D, OFFSET(), SCALE()),
            weights,
          );
        const { mean, variance } = ownMoments(x);
        const [ofX, ofMean, ofVariance] = tf.grads(normalize)([x, mean, variance]);
        const ofCopies = tf.grad((input) => normalize(input, tf.clone(mean), tf.clone(variance)))(x);
        return {
          'with inputs': ofX!,
          mean: ofMean!,
          variance: ofVariance!,
          'with constants': tf.grad((input) => normalize(input, mean, variance))(x),
          'with copies of constants': ofCopies,
        };
      }),
    );
  };
  assertClose(await gradients(BACKEND_NAME), await gradients(REFERENCE), 'gradients');
});

const OFFSET = () => tf.zeros([3]) as tf.Tensor1D;
const SCALE = () => tf.tensor1d([1, 1.5, 2]);

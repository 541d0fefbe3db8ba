import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { REFERENCE, registerBackends, useOurs } from './compare.js';

registerBackends();

/** What throws as soon as it is asked for on our backend, not at a read. */
async function refuses(compute: () => unknown, message: RegExp): Promise<void> {
  await useOurs();
  assert.throws(() => tf.tidy(() => void compute()), message);
}

test('no elements have no shape of some, as on the cpu backend', async () => {
  for (const shape of [[3], [2, 1], []]) {
    const reshaped = () => tf.reshape(tf.tensor([], [0, 3]), shape);
    await refuses(reshaped, /a tensor of 0 elements has no shape/);
    await tf.setBackend(REFERENCE);
    assert.throws(reshaped, /has 0 elements/);
  }
  await useOurs();
  assert.deepEqual(tf.reshape(tf.tensor([], [0, 3]), [2, 0]).shape, [2, 0]);
});

test('windows far larger than what they are to lie in', async () => {
  const flat = tf.ones([1, 1, 1, 2]) as tf.Tensor4D;
  const filter = tf.ones([4, 4, 2, 2]) as tf.Tensor4D;
  const fused = { x: flat, filter, strides: 1, pad: 'valid' } as const;
  for (const compute of [
    () => tf.conv2d(flat, filter, 1, 'valid'),
    () => tf.fused.conv2d({ ...fused, activation: 'relu' }),
    () => tf.depthwiseConv2d(flat, filter, 1, 'valid'),
    () => tf.maxPool(flat, [4, 1], 1, 'valid'),
    () => tf.avgPool(flat, [1, 4], 1, 'valid'),
  ]) {
    await refuses(compute, /The window is larger than what it is to lie in, .*\[1,[-\d,]*-\d/);
  }
});

test('a depthwise convolution of planes, which the cpu backend takes for pictures', async () => {
  const planes = tf.ones([1, 3, 3, 3]) as tf.Tensor4D;
  const filter = tf.ones([2, 2, 3, 1]) as tf.Tensor4D;
  await refuses(() => tf.depthwiseConv2d(planes, filter, 1, 'valid', 'NCHW'), /only NHWC is supported/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
// Nothing else may be imported here that brings a backend.
import { BACKEND_NAME, registerOnnxRuntimeBackend } from '../../../train/ort-backend/index.js';

// Or the cpu backend prints advice to install native bindings.
tf.enableProdMode();

test('where no backend is selected, ours is taken, not the one that comes with it', async () => {
  registerOnnxRuntimeBackend();
  await tf.ready();
  assert.equal(tf.getBackend(), BACKEND_NAME);
});

test('every kernel of the cpu backend is a kernel of ours', () => {
  const ours = new Set(tf.getKernelsForBackend(BACKEND_NAME).map(({ kernelName }) => kernelName));
  const theirs = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
  assert.ok(theirs.length > 100, `${theirs.length} kernels`);
  assert.deepEqual(
    theirs.filter((name) => !ours.has(name)),
    [],
  );
});

test('a tensor goes to the cpu backend and comes back, complex numbers included', async () => {
  await tf.setBackend(BACKEND_NAME);
  const numbers = tf.complex([1, 2], [3, 4]);
  const words = tf.tensor1d(['a', 'b']);
  await tf.setBackend('cpu');
  assert.deepEqual(await tf.concat([words, words]).data(), ['a', 'b', 'a', 'b']);
  await tf.setBackend(BACKEND_NAME);
  assert.deepEqual([...(await tf.add(numbers, numbers).data())], [2, 6, 4, 8]);
  assert.deepEqual(await tf.concat([words, words]).data(), ['a', 'b', 'a', 'b']);
});

test('a backend in use stays in use when ours is registered anew', async () => {
  await tf.setBackend('cpu');
  const kept = tf.tensor1d([1, 2]);
  registerOnnxRuntimeBackend();
  assert.equal(tf.getBackend(), 'cpu');
  assert.deepEqual([...(await kept.data())], [1, 2]);
});

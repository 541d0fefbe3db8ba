import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
// Nothing else may be imported here: it might bring tfjs-layers, and with it TensorFlow.js's gradients.
import { registerOnnxRuntimeBackend } from '../../../train/ort-backend/index.js';

test('the backend registers and computes with tfjs-core alone', async () => {
  registerOnnxRuntimeBackend();
  await tf.setBackend('onnxruntime');
  assert.deepEqual([...(await tf.sqrt(tf.tensor1d([1, 4, 9])).data())], [1, 2, 3]);
});

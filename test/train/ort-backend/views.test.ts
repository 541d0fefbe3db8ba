import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { check, DISCRETE, float } from './case.js';
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
    const [expected, actual] = [
      await runCase(REFERENCE, one, ['written']),
      await runCase(BACKEND_NAME, one, ['written']),
    ];
    assertClose(actual, expected, name);
  });
}

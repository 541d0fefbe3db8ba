import assert from 'node:assert/strict';
import { test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { VIEW_LENGTH } from '../../core/piece-view.js';
import {
  readView,
  VIEW_NETWORK_SHAPE,
  type ViewNetwork,
  type ViewNetworkPart,
} from '../../core/view-network.js';
import { randomStream } from '../../train/random.js';

const random = randomStream(1, 'view network of a test');
const network = Object.fromEntries(
  Object.entries(VIEW_NETWORK_SHAPE).map(([part, length]) => [
    part,
    Float32Array.from({ length }, () => 0.2 * random.normal()),
  ]),
) as Record<ViewNetworkPart, Float32Array> satisfies ViewNetwork;

test("the logits are those of TensorFlow.js's own convolutions", async () => {
  await tf.setBackend('cpu');
  for (let piece = 0; piece < 3; piece++) {
    const view = Uint8Array.from({ length: VIEW_LENGTH }, () =>
      random.next() < 0.6 ? 0 : random.integer(256),
    );
    const expected = tf.tidy(() => {
      const convolve = (x: tf.Tensor4D, kernel: Float32Array, bias: Float32Array) => {
        const shape: [number, number, number, number] = [3, 3, x.shape[3], bias.length];
        return tf.relu(tf.add(tf.conv2d(x, tf.tensor4d(kernel, shape), 2, 'same'), bias)) as tf.Tensor4D;
      };
      const image = tf.div(tf.tensor4d(view, [1, 28, 28, 2], 'float32'), 255) as tf.Tensor4D;
      const first = convolve(image, network.first, network.firstBias);
      const second = convolve(first, network.second, network.secondBias);
      const third = convolve(second, network.third, network.thirdBias);
      assert.deepEqual(third.shape, [1, 4, 4, 32]);
      const dense = tf.tensor2d(network.dense, [512, 48]);
      const hidden = tf.relu(tf.add(tf.matMul(tf.reshape(third, [1, -1]), dense), network.denseBias));
      return tf.add(tf.matMul(hidden, tf.tensor2d(network.last, [48, 11])), network.lastBias).dataSync();
    });
    const got = readView(network, view);
    assert.equal(got.length, 11);
    got.forEach((logit, label) => {
      assert.ok(Math.abs(logit - expected[label]!) < 1e-4, `class ${label}: ${logit}, ${expected[label]}`);
    });
  }
});

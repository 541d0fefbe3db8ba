import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { draw, REFERENCE, registerBackends } from './compare.js';

// The cpu backend divides the gradient of an average by the whole window, also where a part of the window is padding,
// which its own forward pass leaves out. Ours is held to the forward pass: that is linear, so that the outputs for unit
// pictures are its derivatives, exactly.

registerBackends();

type Sides = [number, number];
type Pad = Parameters<typeof tf.avgPool>[3];

interface Place {
  height: number;
  width: number;
  size: Sides;
  strides: Sides;
  pad: Pad;
  rounding?: 'ceil';
}

const PLACES: Record<string, Place> = {
  'same, 2 by 2': { height: 5, width: 4, size: [2, 2], strides: [2, 2], pad: 'same' },
  'same, 3 by 2': { height: 5, width: 6, size: [3, 3], strides: [2, 2], pad: 'same' },
  'same, 3 by 1': { height: 4, width: 5, size: [3, 3], strides: [1, 1], pad: 'same' },
  'same, no square': { height: 5, width: 4, size: [1, 3], strides: [2, 1], pad: 'same' },
  'by a number': { height: 5, width: 5, size: [3, 3], strides: [2, 2], pad: 1 },
  'by sides': {
    height: 5,
    width: 5,
    size: [3, 3],
    strides: [2, 2],
    pad: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
  },
  'none, rounded up': { height: 5, width: 4, size: [2, 2], strides: [2, 2], pad: 0, rounding: 'ceil' },
  none: { height: 5, width: 5, size: [2, 2], strides: [2, 2], pad: 'valid' },
};

const CHANNELS = 2;

/** A sum of the pooled picture with weights; `[batch, height, width, channels]` -> `[batch]`. */
function weightedPool(x: tf.Tensor4D, { size, strides, pad, rounding }: Place): tf.Tensor1D {
  const pooled = tf.avgPool(x, size, strides, pad, rounding);
  const shape = [1, ...pooled.shape.slice(1)];
  const count = tf.util.sizeFromShape(shape);
  const weights = tf.tensor(draw({ shape, dtype: 'float32', low: -1, high: 1 }, count, 'weights'), shape);
  return tf.sum(tf.mul(pooled, weights), [1, 2, 3]);
}

for (const [title, place] of Object.entries(PLACES)) {
  test(`AvgPoolGrad, padding ${title}: the gradient is that of the forward pass`, async () => {
    const shape: [number, number, number, number] = [1, place.height, place.width, CHANNELS];
    const size = tf.util.sizeFromShape(shape);

    await tf.setBackend(REFERENCE);
    const units = tf.reshape(tf.eye(size), [size, place.height, place.width, CHANNELS]) as tf.Tensor4D;
    const derivatives = await weightedPool(units, place).data();

    await tf.setBackend(BACKEND_NAME);
    const x = tf.tensor4d(draw({ shape, dtype: 'float32', low: -1, high: 1 }, size, 'x'), shape);
    const gradient = await tf
      .grad((image) => weightedPool(image as tf.Tensor4D, place))(x)
      .data();

    gradient.forEach((value, index) => {
      const expected = derivatives[index]!;
      assert.ok(Math.abs(value - expected) <= 1e-6, `element ${index}: expected ${expected}, got ${value}`);
    });
    assert.equal(gradient.length, size);
  });
}

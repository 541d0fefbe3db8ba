import * as tf from '@tensorflow/tfjs-core';
import type { DEPTHWISE } from '../../../../train/ort-backend/lowerings/depthwise.js';
import { type Case, type CaseTable, check, float } from '../case.js';

interface Place {
  title: string;
  image?: number[];
  filter: number[];
  strides?: number | [number, number];
  pad?: 'valid' | 'same' | number;
  dilations?: number;
}

const IMAGE = [2, 6, 5, 3];

const PLACES: readonly Place[] = [
  { title: '3 x 3', filter: [3, 3, 3, 1] },
  { title: '3 x 3 same, two of each channel', filter: [3, 3, 3, 2], pad: 'same' },
  { title: 'even, same', filter: [2, 4, 3, 2], pad: 'same' },
  { title: 'stride 2', filter: [3, 3, 3, 2], strides: 2 },
  { title: 'stride 2 same', filter: [3, 3, 3, 1], strides: 2, pad: 'same' },
  { title: 'one channel', image: [2, 6, 5, 1], filter: [3, 2, 1, 4], pad: 'same' },
  { title: 'five of each channel', image: [2, 6, 5, 2], filter: [3, 3, 2, 5] },
  { title: 'a picture lower than the filter', image: [2, 1, 5, 3], filter: [2, 2, 3, 2] },
  { title: 'padding by a number', filter: [3, 3, 3, 2], pad: 1 },
  { title: 'padding by a number, no square', filter: [3, 1, 3, 2], pad: 1 },
];

const DILATED: Place = { title: 'dilated', filter: [2, 2, 3, 2], dilations: 2, pad: 'same' };

const CONVOLVED = { tolerance: { within: 1e-4, because: 'float32 sums of dozens of products' } };

const depthwise = (
  { title, image = IMAGE, filter, strides = 1, pad = 'valid', dilations = 1 }: Place,
  options: Partial<Case> = {},
): Case =>
  check(
    title,
    [float(image), float(filter, -0.5, 0.5)],
    (x, kernel) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, strides, pad, 'NHWC', dilations),
    { ...CONVOLVED, ...options },
  );

const fused = (activation: tf.fused.Activation, bias: number[]): Case =>
  check(
    activation,
    [float(IMAGE), float([3, 3, 3, 2], -0.5, 0.5), float(bias)],
    (x, filter, offset) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: offset!,
        activation,
      }),
    CONVOLVED,
  );

export const DEPTHWISE_CASES: CaseTable<keyof typeof DEPTHWISE> = {
  DepthwiseConv2dNative: [
    ...PLACES.map((place) => depthwise(place)),
    depthwise(DILATED, { withoutGradient: 'TensorFlow.js refuses it' }),
  ],
  DepthwiseConv2dNativeBackpropFilter: [
    check(
      'one filter twice',
      [float(IMAGE), float([3, 3, 3, 1], -0.5, 0.5)],
      (x, filter) => {
        const kernel = filter as tf.Tensor4D;
        const once = tf.relu(tf.depthwiseConv2d(x as tf.Tensor4D, kernel, 1, 'same'));
        return tf.depthwiseConv2d(once, kernel, 2, 'same');
      },
      CONVOLVED,
    ),
  ],
  DepthwiseConv2dNativeBackpropInput: PLACES.slice(0, 2).map((place) => depthwise(place)),
  FusedDepthwiseConv2D: [fused('linear', [6]), fused('relu', [6]), fused('relu6', [1, 1, 6])],
};

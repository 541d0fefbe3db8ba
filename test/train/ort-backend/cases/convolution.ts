import * as tf from '@tensorflow/tfjs-core';
import type { CONVOLUTION } from '../../../../train/ort-backend/lowerings/convolution/index.js';
import { type Case, type CaseTable, check, float, named } from '../case.js';

type Pad = Parameters<typeof tf.conv2d>[3];

interface Place {
  title: string;
  /** `[batch, height, width, in]` */
  image: number[];
  /** `[height, width, in, out]` */
  filter: number[];
  strides?: number | [number, number];
  pad?: Pad;
  dilations?: number | [number, number];
  rounding?: 'floor' | 'round' | 'ceil';
  /** The greatest number in the picture, four times that in the filter. */
  high?: number;
}

const IMAGE = [2, 7, 6, 3];

const PLACES: readonly Place[] = [
  { title: '1 x 1', image: IMAGE, filter: [1, 1, 3, 4] },
  { title: '3 x 3', image: IMAGE, filter: [3, 3, 3, 4] },
  { title: 'one channel in', image: [2, 7, 6, 1], filter: [3, 3, 1, 4] },
  { title: 'one channel out', image: IMAGE, filter: [3, 3, 3, 1] },
  { title: 'a batch of 1', image: [1, 5, 5, 2], filter: [3, 3, 2, 2] },
  { title: '3 x 3 same', image: IMAGE, filter: [3, 3, 3, 4], pad: 'same' },
  { title: 'even, same', image: IMAGE, filter: [2, 4, 3, 4], pad: 'same' },
  {
    title: '5 x 5 same, larger than half the picture',
    image: [2, 4, 4, 2],
    filter: [5, 5, 2, 3],
    pad: 'same',
  },
  { title: 'as large as the picture', image: [2, 4, 3, 2], filter: [4, 3, 2, 5] },
  { title: 'as large as the picture, same', image: [2, 2, 2, 3], filter: [2, 2, 3, 4], pad: 'same' },
  { title: 'six channels', image: [2, 5, 6, 6], filter: [3, 3, 6, 4] },
  { title: 'no square', image: IMAGE, filter: [1, 3, 3, 4] },
  { title: 'stride 2', image: IMAGE, filter: [3, 3, 3, 4], strides: 2 },
  { title: 'stride 2 same', image: IMAGE, filter: [3, 3, 3, 4], strides: 2, pad: 'same' },
  { title: '1 x 1 stride 2', image: IMAGE, filter: [1, 1, 3, 4], strides: 2 },
  { title: 'stride 3 past the filter', image: [2, 8, 8, 2], filter: [2, 2, 2, 3], strides: 3 },
  { title: 'strides of two kinds', image: IMAGE, filter: [3, 2, 3, 4], strides: [1, 2] },
  { title: 'padding by a number', image: IMAGE, filter: [3, 3, 3, 4], pad: 1 },
  { title: 'padding by a number, no square', image: IMAGE, filter: [3, 1, 3, 4], pad: 1 },
  {
    title: 'padding by a number, strides of two kinds',
    image: IMAGE,
    filter: [3, 3, 3, 4],
    strides: [2, 1],
    pad: 1,
  },
  { title: 'padding past the filter', image: IMAGE, filter: [1, 1, 3, 4], pad: 1 },
  {
    title: 'padding by sides',
    image: IMAGE,
    filter: [3, 3, 3, 4],
    pad: [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 0],
    ],
  },
];

/** From a batch of 32 on, other ways of convolving are taken. */
const LARGE_BATCH: readonly Place[] = [
  { title: '1 x 1, large batch', image: [32, 3, 4, 5], filter: [1, 1, 5, 6] },
  { title: '1 x 1 stride 2, large batch', image: [33, 5, 4, 3], filter: [1, 1, 3, 4], strides: 2 },
  {
    title: '1 x 1 stride 3 past the picture, large batch',
    image: [32, 6, 5, 3],
    filter: [1, 1, 3, 4],
    strides: 3,
  },
  { title: '3 x 3, few channels, large batch', image: [32, 6, 5, 2], filter: [3, 3, 2, 5] },
  {
    title: '5 x 5 stride 2 same, few channels, large batch',
    image: [32, 7, 6, 1],
    filter: [5, 5, 1, 3],
    strides: 2,
    pad: 'same',
  },
  { title: 'dilated, few channels, large batch', image: [32, 7, 6, 2], filter: [3, 3, 2, 3], dilations: 2 },
  { title: '3 x 3, many channels, large batch', image: [32, 7, 6, 8], filter: [3, 3, 8, 9] },
  {
    title: '3 x 3 same, many channels, large batch',
    image: [33, 6, 9, 9],
    filter: [3, 3, 9, 8],
    pad: 'same',
  },
  { title: '3 x 3, one place, large batch', image: [32, 3, 3, 8], filter: [3, 3, 8, 8] },
  {
    title: '3 x 3, padding by sides past the filter, large batch',
    image: [32, 4, 5, 8],
    filter: [3, 3, 8, 8],
    pad: [
      [0, 0],
      [3, 1],
      [0, 4],
      [0, 0],
    ],
  },
  {
    title: 'padding by a number, no square, few channels, large batch',
    image: [32, 6, 5, 2],
    filter: [4, 2, 2, 3],
    pad: 1,
  },
  {
    title: 'padding by a number, no square, many channels, large batch',
    image: [32, 6, 5, 8],
    filter: [4, 2, 8, 8],
    pad: 1,
  },
  { title: '4 x 4, many channels, large batch', image: [32, 6, 5, 8], filter: [4, 4, 8, 8], pad: 'same' },
];

/** In a batch that ONNX's own operators take, and in one that they do not. */
const TOO_SMALL: readonly Place[] = [2, 32].map((batch) => ({
  title: `a picture smaller than the filter, batch ${batch}`,
  image: [batch, 1, 4, 8],
  filter: [2, 2, 8, 8],
}));

const ROUNDED: Place = {
  title: 'rounded up',
  image: IMAGE,
  filter: [2, 2, 3, 4],
  strides: 2,
  pad: 0,
  rounding: 'ceil',
};

const DILATED: readonly Place[] = [
  { title: 'dilation 2', image: IMAGE, filter: [3, 3, 3, 4], dilations: 2 },
  {
    title: 'dilations of two kinds, same',
    image: IMAGE,
    filter: [3, 2, 3, 4],
    dilations: [1, 2],
    pad: 'same',
  },
];

const convolve = (place: Place, options: Partial<Case> = {}): Case => {
  const { title, image, filter, strides = 1, pad = 'valid', dilations = 1, rounding, high = 2 } = place;
  return check(
    title,
    [float(image, -high, high), float(filter, -high / 4, high / 4)],
    (x: tf.Tensor, kernel: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, strides, pad, 'NHWC', dilations, rounding),
    options,
  );
};

const LARGER_SUMS = {
  within: 1e-3,
  because: 'sums over a large batch, and the transforms of Winograd, round more',
};

/** Where only the shape is new: how an input is kept has been tried. */
const CONVOLVED: Partial<Case> = { origins: ['convolved', 'convolved and repeated'] };

const WITHOUT_DILATED_GRADIENT = { withoutGradient: 'TensorFlow.js has none with dilation' };

/** The other way round: from what a convolution gives to what it takes. */
const transposed = (place: Place): Case => {
  const { title, image, filter, strides = 1, pad = 'valid' } = place;
  const [batch, height, width] = image as [number, number, number];
  const [filterHeight, filterWidth, inChannels, outChannels] = filter as [number, number, number, number];
  return check(
    `transposed: ${title}`,
    [float([batch, height, width, outChannels]), float(filter, -0.5, 0.5)],
    (dy, kernel) => {
      const grown: [number, number, number, number] = [
        batch,
        (height - 1) * Number(strides) + filterHeight,
        (width - 1) * Number(strides) + filterWidth,
        inChannels,
      ];
      return tf.conv2dTranspose(dy as tf.Tensor4D, kernel as tf.Tensor4D, grown, strides, pad as 'valid');
    },
  );
};

type Fused = Omit<Parameters<typeof tf.fused.conv2d>[0], 'x' | 'filter' | 'strides' | 'pad'>;

const fused = (
  title: string,
  bias: number[] | null,
  options: Partial<Fused>,
  slope: number[] | null = null,
): Case => {
  const shapes = [bias, slope].filter((shape) => shape !== null);
  const compute =
    (chosen: Partial<Fused>): Case['compute'] =>
    (x, filter, ...rest) => {
      const [offset, weights] = bias ? rest : [undefined, ...rest];
      const given = { x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: 1, pad: 'same' as const };
      return tf.fused.conv2d({ ...given, ...chosen, bias: offset!, preluActivationWeights: weights! });
    };
  return check(
    `${title}${bias ? `, bias ${named(bias)}` : ''}`,
    [float([2, 5, 5, 3]), float([3, 3, 3, 4], -0.5, 0.5), ...shapes.map((shape) => float(shape))],
    compute(options),
    // The cpu backend multiplies by no number at all where no slope is given; TensorFlow.js's leakyRelu takes 0.2.
    { reference: compute({ leakyreluAlpha: 0.2, ...options }), ...CONVOLVED },
  );
};

/** Pictures as `[batch, channels, height, width]`. */
const PLANES: readonly Place[] = [
  { title: 'planes, 3 x 3', image: [2, 3, 6, 5], filter: [3, 3, 3, 4] },
  { title: 'planes, stride 2 same', image: [2, 3, 6, 5], filter: [3, 3, 3, 2], strides: 2, pad: 'same' },
  {
    title: 'planes, padding by sides',
    image: [2, 2, 5, 5],
    filter: [3, 3, 2, 3],
    pad: [
      [0, 0],
      [0, 0],
      [1, 0],
      [2, 1],
    ],
  },
];

const ofPlanes = ({ title, image, filter, strides = 1, pad = 'valid' }: Place): Case =>
  check(
    title,
    [float(image), float(filter, -0.5, 0.5)],
    (x, kernel) => tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, strides, pad, 'NCHW'),
    CONVOLVED,
  );

export const CONVOLUTION_CASES: CaseTable<keyof typeof CONVOLUTION> = {
  Conv2D: [
    convolve(PLACES[0]!),
    ...PLACES.slice(1).map((place) => convolve(place, CONVOLVED)),
    ...LARGE_BATCH.map((place) =>
      convolve(
        { ...place, high: 0.2 },
        {
          ...CONVOLVED,
          tolerance: LARGER_SUMS,
          ...(place.dilations && WITHOUT_DILATED_GRADIENT),
        },
      ),
    ),
    ...TOO_SMALL.map((place) => convolve(place, { origins: [] })),
    convolve(ROUNDED, CONVOLVED),
    ...DILATED.map((place) => convolve(place, { ...CONVOLVED, ...WITHOUT_DILATED_GRADIENT })),
    ...PLANES.map(ofPlanes),
    check('rank 3', [float([5, 5, 2]), float([3, 3, 2, 3])], (x, filter) =>
      tf.conv2d(x as tf.Tensor3D, filter as tf.Tensor4D, 1, 'same'),
    ),
  ],
  Conv2DBackpropFilter: [
    check(
      'two filters of one picture',
      [float(IMAGE), float([3, 3, 3, 2], -0.5, 0.5), float([3, 3, 3, 2], -0.5, 0.5)],
      (x, a, b) => {
        const image = x as tf.Tensor4D;
        return tf.add(
          tf.conv2d(image, a as tf.Tensor4D, 1, 'same'),
          tf.conv2d(image, b as tf.Tensor4D, 1, 'same'),
        );
      },
    ),
    check('one filter twice', [float(IMAGE), float([3, 3, 3, 3], -0.5, 0.5)], (x, filter) => {
      const kernel = filter as tf.Tensor4D;
      return tf.conv2d(tf.relu(tf.conv2d(x as tf.Tensor4D, kernel, 1, 'same')), kernel, 2, 'valid');
    }),
  ],
  Conv2DBackpropInput: [
    transposed({ title: '3 x 3', image: [2, 3, 4, 0], filter: [3, 3, 2, 3] }),
    transposed({ title: 'stride 2', image: [2, 3, 4, 0], filter: [3, 3, 2, 3], strides: 2 }),
    transposed({ title: 'stride 2, 2 x 2', image: [2, 3, 4, 0], filter: [2, 2, 2, 3], strides: 2 }),
  ],
  FusedConv2D: [
    fused('alone', null, {}),
    fused('relu', [4], { activation: 'relu' }),
    fused('relu6', [4], { activation: 'relu6' }),
    fused('elu', [4], { activation: 'elu' }),
    fused('sigmoid', [1], { activation: 'sigmoid' }),
    fused('leaky relu', [4], { activation: 'leakyrelu', leakyreluAlpha: 0.3 }),
    fused('leaky relu by default', null, { activation: 'leakyrelu' }),
    fused('prelu', [4], { activation: 'prelu' }, [1, 1, 4]),
  ],
};

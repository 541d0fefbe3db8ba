import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUPPORTED_LAYERS } from '../../export/layers/index.js';
import type { LayerClass } from '../../export/layers/layer-call.js';
import { LocalResponseNormalization } from '../../train/models/local-response.js';
import { assertParity, chain, grid, type Layer, l } from './support.js';

interface Case {
  input: number[];
  layer: () => Layer;
  title: string;
}

type Padding = 'valid' | 'same';
const PADDINGS: readonly Padding[] = ['valid', 'same'];
const IMAGE = [9, 8, 3];

const ACTIVATIONS = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;
/** TensorFlow.js's own type lacks some of the activations that it builds in. */
type TypedActivation = Extract<(typeof ACTIVATIONS)[number], 'relu'>;

/** One case for each value of the option list, its title the options themselves. */
function cases<O extends object>(
  input: number[],
  options: readonly O[],
  make: (options: O) => Layer,
): Case[] {
  return options.map((option) => ({
    input,
    layer: () => make(option),
    title: `[${input}] ${JSON.stringify(option)}`,
  }));
}

/** Layers of one input; those of several, and networks of them, are in networks.test.ts. */
const CASES: { readonly [K in Exclude<LayerClass, 'Add' | 'Concatenate' | 'InputLayer'>]: Case[] } = {
  Activation: [IMAGE, [4, 3], [7]].flatMap((input) =>
    cases(
      input,
      ACTIVATIONS.map((activation) => ({ activation: activation as TypedActivation })),
      l.activation,
    ),
  ),
  AveragePooling2D: cases(
    IMAGE,
    grid({ poolSize: [2, 3, [3, 2] as [number, number]], strides: [1, 2, 3], padding: PADDINGS }),
    l.averagePooling2d,
  ),
  BatchNormalization: [
    ...cases(
      IMAGE,
      grid({ center: [true, false], scale: [true, false], axis: [-1, 3] }),
      l.batchNormalization,
    ),
    ...cases(IMAGE, [{ epsilon: 0.1 }], l.batchNormalization),
    ...cases([5], [{ epsilon: 1e-5 }], l.batchNormalization),
    ...cases([4, 5], [{ axis: -1 }, { axis: 2 }], l.batchNormalization),
  ],
  Conv2D: [
    ...cases(
      IMAGE,
      grid({
        filters: [1, 4],
        kernelSize: [1, 2, 3, [3, 2] as [number, number]],
        strides: [1, 2, [2, 1] as [number, number]],
        padding: PADDINGS,
        useBias: [true, false],
      }),
      l.conv2d,
    ),
    ...cases(
      IMAGE,
      grid({ filters: [4], kernelSize: [2, 3], dilationRate: [2, 3], padding: PADDINGS }),
      l.conv2d,
    ),
    ...cases(
      IMAGE,
      ACTIVATIONS.map((activation) => ({
        filters: 4,
        kernelSize: 3,
        activation: activation as TypedActivation,
      })),
      l.conv2d,
    ),
  ],
  Dense: [[6], [4, 6], IMAGE].flatMap((input) =>
    cases(
      input,
      grid({ units: [1, 5], useBias: [true, false], activation: ['linear', 'relu', 'softmax'] as const }),
      l.dense,
    ),
  ),
  DepthwiseConv2D: [
    ...cases(
      IMAGE,
      grid({ kernelSize: [2, 3], depthMultiplier: [1, 2], strides: [1, 2], padding: PADDINGS }),
      l.depthwiseConv2d,
    ),
    ...cases(
      IMAGE,
      [{ kernelSize: 3, depthMultiplier: 2, useBias: false, activation: 'relu6' as const }],
      l.depthwiseConv2d,
    ),
  ],
  Dropout: cases(IMAGE, [{ rate: 0.5 }], l.dropout),
  Flatten: [IMAGE, [1, 1, 6], [5, 4, 1], [4, 3]].flatMap((input) => cases(input, [{}], l.flatten)),
  GlobalAveragePooling2D: cases(IMAGE, [{}], l.globalAveragePooling2d),
  GlobalMaxPooling2D: cases(IMAGE, [{}], l.globalMaxPooling2d),
  LeakyReLU: cases(IMAGE, [{}, { alpha: 0.01 }], l.leakyReLU),
  // AlexNet's own, and windows wider than there are channels.
  LocalResponseNormalization: [IMAGE, [2, 2, 20]].flatMap((input) =>
    cases(
      input,
      [
        { depthRadius: 4, bias: 1, alpha: 0.001 / 9, beta: 0.75 },
        ...grid({ depthRadius: [0, 1, 5], bias: [1, 2], alpha: [0.5], beta: [0.5, 0.75] }),
      ],
      (options) => new LocalResponseNormalization(options),
    ),
  ),
  MaxPooling2D: cases(
    IMAGE,
    grid({ poolSize: [2, 3, [3, 2] as [number, number]], strides: [1, 2, 3], padding: PADDINGS }),
    l.maxPooling2d,
  ),
  ReLU: cases(IMAGE, [{}, { maxValue: 0.5 }, { maxValue: 0 }], l.reLU),
  Rescaling: [IMAGE, [4, 3], [7]].flatMap((input) =>
    cases(input, [{ scale: 2, offset: -1 }, { scale: 1 / 255 }], l.rescaling),
  ),
  Reshape: [
    ...cases(
      IMAGE,
      [
        { targetShape: [216] },
        { targetShape: [8, 9, 3] },
        { targetShape: [72, 3] },
        { targetShape: [...IMAGE] },
        { targetShape: [27, 8, 1] },
        { targetShape: [2, 3, 6, 6] },
      ],
      l.reshape,
    ),
    ...cases(
      [24],
      [{ targetShape: [2, 3, 4] }, { targetShape: [4, 6, 1] }, { targetShape: [8, 3] }],
      l.reshape,
    ),
    ...cases([4, 6], [{ targetShape: [2, 3, 4] }, { targetShape: [24] }], l.reshape),
  ],
  Softmax: [
    ...cases(IMAGE, [{ axis: 3 }, { axis: -1 }], l.softmax),
    ...cases([7], [{}, { axis: [1] as unknown as number }], l.softmax),
  ],
  ZeroPadding2D: cases(
    IMAGE,
    [
      {},
      { padding: 2 },
      { padding: [1, 2] as [number, number] },
      {
        padding: [
          [1, 0],
          [0, 2],
        ] as [[number, number], [number, number]],
      },
    ],
    l.zeroPadding2d,
  ),
};

for (const [className, list] of Object.entries(CASES)) {
  test(`${className}: ${list.length} combinations of options agree with TensorFlow.js`, async () => {
    for (const [index, { input, layer, title }] of list.entries()) {
      await assertParity(chain(input, layer()), { seed: index + 1 }).catch((error: Error) => {
        throw new Error(`${className} ${title}: ${error.message}`, { cause: error });
      });
    }
  });
}

test('every supported layer has its cases here or in networks.test.ts', () => {
  const tested = [...Object.keys(CASES), 'Add', 'Concatenate', 'InputLayer'].sort();
  assert.deepEqual(tested, [...SUPPORTED_LAYERS].sort());
});

test('same padding puts an odd pixel after, as TensorFlow does', async () => {
  const { conversion } = await assertParity(
    chain([5, 6, 1], l.conv2d({ filters: 1, kernelSize: 2, strides: 2, padding: 'same' })),
  );
  assert.equal(conversion.nodes, 1);
});

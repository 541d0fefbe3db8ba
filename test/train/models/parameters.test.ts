import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildModel } from '../../../train/models/architectures.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import type { RecipeName } from '../../../train/recipes/table.js';

tf.setBackend('cpu');

function networkOf(name: RecipeName, ...overrides: string[]): LayersModel {
  const { architecture, model, seed } = resolveRecipe(name, 1, overrides);
  return buildModel(architecture, model as never, seed);
}

interface Count {
  name: RecipeName;
  overrides?: string[];
  /** Of weights that are trained. */
  trained: number;
  /** With the moving means and variances. */
  all: number;
}

/** The same networks written in PyTorch 1.13 and counted there: parameters, and with the running statistics. */
const COUNTS: Count[] = [
  { name: 'bottleneck-32x2', trained: 370_314, all: 370_762 },
  { name: 'bottleneck-64x2', trained: 784_970, all: 785_866 },
  { name: 'bottleneck-32x3', trained: 381_866, all: 382_506 },
  { name: 'basic-block-64x3', trained: 230_474, all: 231_370 },
  { name: 'basic-block-64x3-downsampling', trained: 234_762, all: 235_786 },
  { name: 'conv-pairs-16x4', trained: 2_328_298, all: 2_328_778 },
  { name: 'alexnet', trained: 3_989_354, all: 3_989_354 },
  { name: 'resnet-32-v1', trained: 466_906, all: 469_402 },
  { name: 'resnet-32-v2', trained: 466_682, all: 468_954 },
  { name: 'googlenet', trained: 1_501_914, all: 1_509_194 },
  { name: 'googlenet', overrides: ['widthDivisor=1'], trained: 5_982_250, all: 5_996_810 },
  { name: 'resnet-34-7x7', trained: 21_283_530, all: 21_300_554 },
  { name: 'resnet-34-no-dropout', trained: 21_280_970, all: 21_297_994 },
  { name: 'resnet-34-block-norm', trained: 21_286_602, all: 21_309_258 },
];

for (const { name, overrides = [], trained, all } of COUNTS) {
  test([`${name} has as many parameters as in PyTorch`, ...overrides].join(', '), () => {
    const network = networkOf(name, ...overrides);
    const counted = network.trainableWeights.reduce(
      (sum, weight) => sum + tf.util.sizeFromShape(weight.shape as number[]),
      0,
    );
    const total = network.countParams();
    network.dispose();
    assert.deepEqual([counted, total], [trained, all]);
  });
}

/** The sides of the square maps that a network works on, as its docstring says, each once. */
const SIDES: { [N in RecipeName]?: number[] } = {
  'basic-block-64x3': [28, 14, 7],
  'basic-block-64x3-downsampling': [28, 14, 7, 4],
  'conv-pairs-16x4': [28, 26, 24, 12, 10, 8, 4],
  alexnet: [28, 14, 7, 4],
  // 30 and 16: zeros on all sides of 28 and 14.
  'resnet-32-v1': [28, 30, 14, 16, 7],
  'resnet-32-v2': [28, 30, 14, 16, 7],
  googlenet: [28, 14, 7, 4],
  'resnet-34-7x7': [28, 34, 14, 7, 9, 4, 6, 2, 1],
  'resnet-34-no-dropout': [28, 14, 16, 7, 9, 4, 6, 2],
};

for (const [name, sides] of Object.entries(SIDES) as [RecipeName, number[]][]) {
  test(`the maps of ${name} have sides of ${sides.join(', ')} pixels`, () => {
    const narrow = name.startsWith('resnet-34')
      ? ['filters=1']
      : name === 'googlenet'
        ? ['widthDivisor=8']
        : [];
    const network = networkOf(name, ...narrow);
    const found = network.layers.flatMap(({ outputShape }) =>
      outputShape.length === 4 ? [outputShape[1]] : [],
    );
    network.dispose();
    assert.deepEqual(new Set(found), new Set(sides));
  });
}

/** SHA-256, first 16 digits, of names and values of all initial weights with seed 1, from before networks had a choice of activation. */
const INITIAL_WEIGHTS: { [N in RecipeName]?: string } = {
  fast: '49a4c0bfcdeb647b',
  speedrun: 'c9b8d3111e5fa235',
  'bottleneck-32x2': 'a79862646787bd92',
  'basic-block-64x3': '33df19ab08ef373b',
  'conv-pairs-16x4': '22210b39087b4708',
};

for (const [name, expected] of Object.entries(INITIAL_WEIGHTS) as [RecipeName, string][]) {
  test(`${name} begins with the weights that it always began with`, () => {
    const network = networkOf(name);
    const hash = createHash('sha256');
    for (const weight of network.weights) {
      const { buffer } = weight.read().dataSync<'float32'>().slice();
      hash.update(weight.originalName).update(new Uint8Array(buffer));
    }
    network.dispose();
    assert.equal(hash.digest('hex').slice(0, 16), expected);
  });
}

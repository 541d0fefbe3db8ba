import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { TenfoldError } from '../../../core/errors.js';
import { requireBatchInSet } from '../../../train/feasible.js';
import { buildModel } from '../../../train/models/architectures.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';

tf.setBackend('cpu');

/** Builds the network of a recipe with overrides, and says what shapes its layers give. */
function shapesOf(recipe: string, ...overrides: string[]): (number | null)[][] {
  const { architecture, model, seed } = resolveRecipe(recipe, 1, overrides);
  const network = buildModel(architecture, model as never, seed);
  const shapes = network.layers.map((layer) => layer.outputShape as (number | null)[]);
  network.dispose();
  return shapes;
}

const REFUSED: { recipe: string; overrides: string[]; message: string }[] = [
  {
    recipe: 'conv-pairs-16x4',
    overrides: ['kernelSize=11'],
    message:
      'Expected at most 4 for the window of the layer "conv2d_3" on [batch, 4, 4, 32], got 11. Nothing would be left of the map: choose a smaller window, or fewer and smaller ones before it.',
  },
  {
    recipe: 'conv-pairs-16x4',
    overrides: ['poolSize=25', 'filters=2'],
    message:
      'Expected at most 24 for the window of the layer "max_pooling2d_1" on [batch, 24, 24, 4], got 25. Nothing would be left of the map: choose a smaller window, or fewer and smaller ones before it.',
  },
  {
    recipe: 'resnet-34-7x7',
    overrides: ['firstStride=14', 'filters=2'],
    message:
      'Expected at most 1 for the stride of the layer "conv2d_10" on [batch, 1, 1, 2], got 2. Nothing would be left of the map: choose a smaller stride, or fewer and smaller ones before it.',
  },
  {
    recipe: 'basic-block-64x3',
    overrides: ['downsamplingBlock=4', 'filters=2'],
    message:
      'Expected at most 3, the number of blocks, or 0 for none for downsamplingBlock, got 4 (number). Choose one of the blocks, or add blocks.',
  },
];

for (const { recipe, overrides, message } of REFUSED) {
  test(`${recipe} with ${overrides.join(', ')} is refused by the layer's name and shapes`, () => {
    const before = tf.memory().numTensors;
    assert.throws(() => shapesOf(recipe, ...overrides), { name: 'TenfoldError', code: 'bad-usage', message });
    assert.equal(tf.memory().numTensors, before, 'weights of the unfinished network stay in memory');
  });
}

test('a network either has a map everywhere or is refused', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('conv-pairs-16x4', 'resnet-34-7x7'),
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 1, max: 28 }),
      (recipe, a, b) => {
        const overrides =
          recipe === 'conv-pairs-16x4'
            ? [`kernelSize=${a}`, `poolSize=${b}`, 'filters=1', 'firstDenseUnits=2', 'secondDenseUnits=2']
            : [`firstStride=${a}`, 'filters=1'];
        try {
          for (const shape of shapesOf(recipe, ...overrides)) {
            assert.ok(
              shape.slice(1).every((extent) => extent !== null && extent >= 1),
              `${shape}`,
            );
          }
        } catch (error) {
          assert.ok(error instanceof TenfoldError && error.code === 'bad-usage', String(error));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('a batch larger than the training set is refused', () => {
  requireBatchInSet(230, 230);
  assert.throws(() => requireBatchInSet(231, 230), {
    name: 'TenfoldError',
    code: 'bad-usage',
    message:
      'Expected at most 230, the number of training images, for the batch size, got 231. Choose a smaller --batch-size, or set fewer images aside for validation.',
  });
});

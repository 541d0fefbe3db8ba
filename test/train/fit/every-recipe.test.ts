import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { INPUT_LENGTH } from '../../../core/image.js';
import { exportRun } from '../../../export/export-run.js';
import { PARITY_TOLERANCE } from '../../../export/verify.js';
import { loadMnist, selectImages } from '../../../train/dataset/mnist.js';
import { recipeNames, resolveRecipe } from '../../../train/recipes/resolve.js';
import { narrowed } from '../models/narrow.js';
import { runTraining, temporaryFolder } from './small-run.js';

const STEPS = 20;
const BATCH_SIZE = 4;
const TEST_IMAGES = 10;

const whole = await loadMnist();
const first = (set: typeof whole.test, count: number) =>
  selectImages(
    set,
    Uint32Array.from({ length: count }, (_, index) => index),
  );
const mnist = { train: first(whole.train, STEPS * BATCH_SIZE), test: first(whole.test, TEST_IMAGES) };
const images = Float32Array.from(mnist.test.images, (byte) => byte / 255);

// All depth, activations and training settings are the recipe's own; its widths and its batches are small, and all images are trained on.
for (const name of recipeNames()) {
  test(`${name}: ${STEPS} steps, and an export that gives TensorFlow.js's probabilities`, async (context) => {
    const folder = await temporaryFolder(context);
    const settings = [`batchSize=${BATCH_SIZE}`, 'epochs=1', 'validationImages=0'];
    const recipe = narrowed(resolveRecipe(name, 1, settings));
    const runFolder = join(folder, 'run');
    const events = await runTraining({ mnist, folder: runFolder, recipe });
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    assert.equal(losses.length, STEPS);
    assert.ok(losses.every(Number.isFinite), `losses: ${losses}`);
    assert.equal(images.length, TEST_IMAGES * INPUT_LENGTH);
    const outFolder = join(folder, 'bundle');
    const { parity } = await exportRun({ runFolder, outFolder, images, labels: mnist.test.labels });
    assert.equal(parity.images, TEST_IMAGES);
    assert.ok(parity.maxAbsDiff <= PARITY_TOLERANCE, `differs by ${parity.maxAbsDiff}`);
  });
}

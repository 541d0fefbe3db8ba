import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { statisticsBatches, statisticsMeter } from '../../../train/batch-statistics.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import { createPrepare, type PrepareSettings } from '../../../train/dataset/prepare.js';
import { buildModel } from '../../../train/models/architectures.js';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { RECIPES } from '../../../train/recipes/table.js';
import { REFERENCE, registerBackends } from '../ort-backend/compare.js';
import { runTraining, smallMnist, smallRecipe, temporaryFolder } from './small-run.js';

registerBackends();

const BATCH_SIZE = 8;
const set = await loadMnistSplit('test');
const settings: PrepareSettings = {
  set,
  batchSize: BATCH_SIZE,
  seed: 1,
  augmentation: RECIPES.flagship.training,
  outlierShare: 0.5,
};
/** A step between two epochs. */
const FIRST_STEP = Math.ceil(set.count / BATCH_SIZE);
const batchesOf = (count: number) =>
  Array.from(statisticsBatches(settings, FIRST_STEP, count), (images) => Float32Array.from(images));

/** Blocks with batch normalisation behind one another, and dropout. */
const build = () =>
  buildModel('bottleneck', { filters: 3, blocks: 1, denseUnits: 6, dropout: 0.5, activation: 'relu' }, 1);

const statisticsOf = (model: LayersModel): Promise<Float32Array[]> =>
  Promise.all(
    model.nonTrainableWeights.map(async (weight) => Float32Array.from(await weight.read().data<'float32'>())),
  );

async function measured(
  batches: Float32Array[],
): Promise<{ model: LayersModel; statistics: Float32Array[] }> {
  await tf.setBackend(BACKEND_NAME);
  const model = build();
  const meter = statisticsMeter(model);
  await meter.measure(batches);
  await meter.dispose();
  return { model, statistics: await statisticsOf(model) };
}

test('with the statistics of one batch a network answers it as the network in training does', async () => {
  const [images] = batchesOf(1);
  const { model, statistics } = await measured([images!]);
  await tf.setBackend(REFERENCE);
  const reference = build();
  reference.setWeights(
    await Promise.all(model.getWeights().map(async (weight) => tf.tensor(await weight.data(), weight.shape))),
  );
  const x = tf.tensor4d(images!, [BATCH_SIZE, INPUT_SIDE, INPUT_SIDE, 1]);
  const inference = await (reference.apply(x, { training: false }) as tf.Tensor).data();
  const training = await (reference.apply(x, { training: true }) as tf.Tensor).data();
  assert.ok(statistics.some((values) => values.some((value) => Math.abs(value) > 0.01 && value !== 1)));
  inference.forEach((value, index) => {
    assert.ok(Math.abs(value - training[index]!) < 1e-5, `${value} and ${training[index]} at ${index}`);
  });
});

test('the statistics of several batches are the mean of those of each', async () => {
  const batches = batchesOf(3);
  const { statistics } = await measured(batches);
  const each: Float32Array[][] = [];
  for (const batch of batches) each.push((await measured([batch])).statistics);
  statistics.forEach((values, index) => {
    values.forEach((value, channel) => {
      const mean = each.reduce((sum, ofBatch) => sum + ofBatch[index]![channel]!, 0) / each.length;
      assert.ok(Math.abs(value - mean) <= 1e-6 * (1 + Math.abs(mean)), `${value}, expected ${mean}`);
    });
  });
});

test('every other batch is what the step of the epoch had, the rest are the images as they are', () => {
  const prepare = createPrepare(settings);
  const bytesOf = new Map(
    Array.from({ length: set.count }, (_, image) => {
      const bytes = set.images.subarray(image * INPUT_LENGTH, (image + 1) * INPUT_LENGTH);
      return [Buffer.from(bytes).toString('latin1'), image];
    }),
  );
  const [augmented, plain, third] = batchesOf(3);
  for (const [step, images] of [[0, augmented!] as const, [2, third!] as const]) {
    const memory = new ArrayBuffer(2 * BATCH_SIZE * INPUT_LENGTH * 4);
    const { images: ofStep } = prepare({ step: FIRST_STEP + step, memory });
    assert.deepEqual(images, ofStep.slice(0, BATCH_SIZE * INPUT_LENGTH));
  }
  for (let row = 0; row < BATCH_SIZE; row++) {
    const pixels = plain!.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
    const bytes = Buffer.from(Uint8Array.from(pixels, (value) => Math.round(255 * value)));
    assert.ok(bytesOf.has(bytes.toString('latin1')), `row ${row} is no image of the set`);
  }
});

test('a network without batch normalisation has none to measure, and stays as it is', async () => {
  await tf.setBackend(BACKEND_NAME);
  const model = buildModel(
    'plain',
    { firstFilters: 2, secondFilters: 2, denseUnits: 4, activation: 'relu' },
    1,
  );
  const weights = () => Promise.all(model.getWeights().map((weight) => weight.data()));
  const before = await weights();
  const meter = statisticsMeter(model);
  await meter.measure(batchesOf(1));
  await meter.dispose();
  assert.deepEqual(await weights(), before);
});

test('what is told of an epoch is measured of the network that it leaves', async (context) => {
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'averageDecay=0.9', 'statisticsBatches=2');
  const events = await runTraining({ mnist: await smallMnist(), folder, recipe, evaluateEvery: 'epoch' });
  const [epoch] = events.filter((event) => event.type === 'epoch').slice(-1);
  const [end] = events.filter((event) => event.type === 'end');
  assert.deepEqual([epoch?.testLoss, epoch?.testAccuracy], [end?.test.loss, end?.test.accuracy]);
});

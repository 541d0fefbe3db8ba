import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAugment } from '../../../train/augment/augment.js';
import { EVERYTHING } from '../../../train/augment/samples.js';
import { NO_AUGMENTATION } from '../../../train/augment/settings.js';
import { gatherBatch, gatherLabels, shuffledBatches } from '../../../train/dataset/batches.js';
import { type FeedOptions, openFeed } from '../../../train/dataset/feed.js';
import { type LabelledImages, loadMnistSplit, selectImages } from '../../../train/dataset/mnist.js';
import { startPreparer } from '../../../train/dataset/preparer.js';

const COUNT = 110;
const BATCH_SIZE = 25;
/** The fifth of an epoch has 10 images. */
const STEPS_PER_EPOCH = 5;
/** More than are prepared ahead twice over, and no multiple of what a thread is asked for at once. */
const STEPS = 33;
const SEED = 3;
const AUGMENTATION = { ...NO_AUGMENTATION, ...EVERYTHING };

const set: LabelledImages = selectImages(
  await loadMnistSplit('train'),
  Uint32Array.from({ length: COUNT }, (_, index) => index),
);

interface Kept {
  images: Float32Array;
  labels: Int32Array;
}

/** The run from its first step to its last. */
const WHOLE: FeedOptions = {
  set,
  batchSize: BATCH_SIZE,
  seed: SEED,
  augmentation: AUGMENTATION,
  firstStep: 0,
  steps: STEPS,
};

async function batchesOf(options: Partial<FeedOptions>): Promise<Kept[]> {
  const feed = openFeed({ ...WHOLE, ...options });
  const kept: Kept[] = [];
  try {
    for (let step = options.firstStep ?? 0; step < (options.steps ?? STEPS); step++) {
      const { images, labels } = await feed.next();
      kept.push({ images: images.slice(), labels });
    }
    await assert.rejects(feed.next(), new RangeError('there is no batch after the last'));
  } finally {
    await feed.close();
  }
  return kept;
}

/** The same without a feed: gathered and augmented one after the other. */
const expected: Kept[] = Array.from({ length: STEPS }, (_, step) => {
  const epoch = 1 + Math.floor(step / STEPS_PER_EPOCH);
  const order = { count: COUNT, batchSize: BATCH_SIZE, seed: SEED, epoch };
  const indices = shuffledBatches(order)[step % STEPS_PER_EPOCH]!;
  const images = gatherBatch(set.images, indices, new Float32Array(indices.length * 784));
  createAugment(AUGMENTATION, SEED)(images, { epoch, step, indices });
  return { images, labels: gatherLabels(set.labels, indices) };
});

for (const threads of [0, 1, 2, 5]) {
  test(`with ${threads} threads come the batches that are made without, over ${STEPS} steps of seven epochs`, async () => {
    assert.deepEqual(await batchesOf({ threads }), expected);
  });
}

test('a feed that begins in the middle of an epoch goes on as the other would have', async () => {
  assert.deepEqual(await batchesOf({ firstStep: 7 }), expected.slice(7));
  assert.deepEqual(await batchesOf({ firstStep: 10, steps: 11 }), expected.slice(10, 11));
  assert.deepEqual(await batchesOf({ firstStep: STEPS }), []);
});

test('outliers come after the digits, of which they change none: the same with threads and without', async () => {
  const outlierShare = 0.2;
  const alone = await batchesOf({ threads: 0, outlierShare });
  assert.deepEqual(await batchesOf({ threads: 2, outlierShare }), alone);
  alone.forEach(({ images, labels }, step) => {
    const { images: digits, labels: expectedLabels } = expected[step]!;
    assert.deepEqual(labels, expectedLabels);
    assert.deepEqual(images.subarray(0, digits.length), digits);
    assert.equal(images.length - digits.length, 784 * Math.round(0.2 * labels.length));
  });
  const outliers = alone.map(({ images, labels }) => images.subarray(labels.length * 784));
  assert.equal(new Set(outliers.map((pictures) => pictures.join())).size, STEPS);
  for (const ink of outliers.flatMap((pictures) => [...pictures])) assert.ok(ink >= 0 && ink <= 1);
  assert.deepEqual(await batchesOf({ firstStep: 7, outlierShare }), alone.slice(7));
});

test('a feed that is closed before its end ends its threads, and this test with them', async () => {
  const feed = openFeed({ ...WHOLE, threads: 3 });
  await feed.next();
  await feed.close();
});

test('a thread that ends on its own fails the batch that is waited for, and each after it', async () => {
  const preparer = startPreparer({ set, batchSize: BATCH_SIZE, seed: SEED, augmentation: AUGMENTATION });
  try {
    // Too small for the batch.
    preparer.send([{ step: 0, memory: new ArrayBuffer(4 * 784) }]);
    const failure = {
      name: 'TenfoldError',
      code: 'failed',
      message:
        'Expected a batch for the thread that prepares batches, got its end (Invalid typed array length: 19600). ' +
        'What was saved before is whole: go on by --resume.',
    };
    await assert.rejects(preparer.receive(), failure);
    await assert.rejects(preparer.receive(), failure);
  } finally {
    await preparer.close();
  }
});

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { preprocess } from '../../../core/preprocess.js';
import { doubled, refit } from '../../../train/augment/refit.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../../../train/augment/settings.js';
import { selectBackend } from '../../../train/backend.js';
import { gatherBatch } from '../../../train/dataset/batches.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import { createPrepare, rowsOf } from '../../../train/dataset/prepare.js';

const set = await loadMnistSplit('train');
const digit = (index: number): Float32Array =>
  gatherBatch(set.images, Uint32Array.of(index), new Float32Array(INPUT_LENGTH));
const ROWS = Array.from({ length: 100 }, (_, row) => 11 * row);
const LARGE = 2 * INPUT_SIDE;

before(() => selectBackend('cpu', 'auto'));

const twice = (data: Float32Array) => doubled({ width: INPUT_SIDE, height: INPUT_SIDE, data });

test('a digit is made twice as large as TensorFlow.js does it', async () => {
  for (const row of ROWS) {
    const image = digit(row);
    // With paper around it, as TensorFlow.js repeats the border.
    const expected = tf.tidy(() => {
      const onPaper = tf.pad3d(tf.tensor3d(image, [INPUT_SIDE, INPUT_SIDE, 1]), [
        [1, 1],
        [1, 1],
        [0, 0],
      ]);
      const large = tf.image.resizeBilinear(onPaper, [LARGE + 4, LARGE + 4], false, true);
      return tf.slice3d(large, [2, 2, 0], [LARGE, LARGE, 1]);
    });
    const values = await expected.data();
    expected.dispose();
    const furthest = Math.max(...twice(image).data.map((value, pixel) => Math.abs(value - values[pixel]!)));
    assert.ok(furthest < 1e-6, `digit ${row} is ${furthest} away`);
  }
});

test('it comes out as preprocessing hands on a picture of it that is twice as large', () => {
  let [apart, ink, plain] = [0, 0, 0];
  for (const row of ROWS) {
    const image = digit(row);
    const { data } = twice(image);
    const picture = new Uint8Array(4 * data.length).fill(255);
    data.forEach((value, pixel) => {
      picture.fill(255 - Math.round(255 * value), 4 * pixel, 4 * pixel + 3);
    });
    const { input } = preprocess({ width: LARGE, height: LARGE, data: picture });
    const before = image.slice();
    refit(image);
    input.forEach((value, pixel) => {
      ink += value;
      apart += Math.abs(value - image[pixel]!);
      plain += Math.abs(value - before[pixel]!);
    });
  }
  // Preprocessing leaves out faint edges; as they lie, digits are a third of their ink away.
  assert.ok(apart < 0.15 * ink, `${((100 * apart) / ink).toFixed(1)}% of the ink is elsewhere`);
  assert.ok(plain > 0.2 * ink, `only ${((100 * plain) / ink).toFixed(1)}% without it`);
});

test('a blank image stays blank', () => {
  const image = new Float32Array(INPUT_LENGTH);
  refit(image);
  assert.deepEqual(image, new Float32Array(INPUT_LENGTH));
});

test('digits of a batch are refitted, its outliers are not: those are fitted already', () => {
  const [plain, refitted] = [batch({}, 0), batch({ refitProbability: 1 }, 0)];
  const split = 16 * INPUT_LENGTH;
  assert.notDeepEqual(refitted.slice(0, split), plain.slice(0, split));
  assert.deepEqual(refitted.slice(split), plain.slice(split));
});

test('late epochs have a probability of their own, for digits alone', () => {
  const stepsOfEpoch = set.count / 16;
  const late = { lateAfterEpochs: 1, lateRefitProbability: 1 };
  assert.deepEqual(batch(late, stepsOfEpoch - 1), batch({}, stepsOfEpoch - 1));
  assert.deepEqual(batch(late, stepsOfEpoch), batch({ refitProbability: 1 }, stepsOfEpoch));
  assert.deepEqual(
    batch({ ...late, refitProbability: 1, lateRefitProbability: 0 }, stepsOfEpoch),
    batch({}, stepsOfEpoch),
  );
});

function batch(settings: Partial<AugmentationSettings>, step: number): Float32Array {
  const made = { set, batchSize: 16, seed: 1, outlierShare: 0.5 };
  const augmentation = { ...NO_AUGMENTATION, latePlacementShare: 1, lateEffectShare: 1, ...settings };
  const prepare = createPrepare({ ...made, augmentation });
  const memory = new ArrayBuffer(4 * INPUT_LENGTH * rowsOf(16, made));
  return prepare({ step, memory }).images;
}

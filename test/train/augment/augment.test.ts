import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { INPUT_LENGTH } from '../../../core/image.js';
import { createAugment } from '../../../train/augment/augment.js';
import { EVERYTHING, SAMPLES } from '../../../train/augment/samples.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../../../train/augment/settings.js';
import { gatherBatch } from '../../../train/dataset/batches.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';

const { images } = await loadMnistSplit('train');
const ALL: AugmentationSettings = { ...NO_AUGMENTATION, ...EVERYTHING };

interface Place {
  indices: readonly number[];
  seed?: number;
  epoch?: number;
  step?: number;
}

/** The augmented images, one array each. */
function augmented(settings: Partial<AugmentationSettings>, place: Place): Float32Array[] {
  const { seed = 1, epoch = 1, step = 0 } = place;
  const indices = Uint32Array.from(place.indices);
  const batch = gatherBatch(images, indices, new Float32Array(indices.length * INPUT_LENGTH));
  createAugment({ ...NO_AUGMENTATION, ...settings }, seed)(batch, { epoch, step, indices });
  return Array.from(indices, (_, row) => batch.slice(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH));
}

const changed = (left: Float32Array[], right: Float32Array[]): number =>
  left.filter((image, row) => image.some((value, pixel) => value !== right[row]![pixel])).length;

const FIFTY = Array.from({ length: 50 }, (_, index) => index * 7);

test('shifts alone give the bytes with which the published accuracies were reached', () => {
  const indices = Array.from({ length: 128 }, (_, index) => index);
  const hash = createHash('sha256');
  for (const step of [0, 468, 937]) {
    for (const image of augmented({ shiftPixels: 1 }, { indices, step })) hash.update(image);
  }
  assert.equal(hash.digest('hex'), 'f1f009246b125ca445aef28f69acdfcc3ead3687158290d42c2b0e5afbc4974e');
});

test('no augmentation gives the same bits, and so does every kind with nothing to do', () => {
  const untouched = augmented({}, { indices: FIFTY });
  assert.deepEqual(
    untouched,
    FIFTY.map((index) => gatherBatch(images, Uint32Array.of(index), new Float32Array(INPUT_LENGTH))),
  );
  assert.equal(
    changed(augmented({ elasticSigmaPixels: 2, eraseShare: 0.8 }, { indices: FIFTY }), untouched),
    0,
  );
});

for (const [name, settings] of Object.entries(SAMPLES)) {
  test(`${name} changes images, within 0 and 1, and anew every epoch and with every seed`, () => {
    const untouched = augmented({}, { indices: FIFTY });
    const first = augmented(settings, { indices: FIFTY });
    assert.ok(changed(first, untouched) >= 10, `${changed(first, untouched)} of 50 differ`);
    assert.ok(first.every((image) => image.every((value) => value >= 0 && value <= 1)));
    assert.ok(
      first.every((image) => Math.max(...image) - Math.min(...image) > 0.3),
      'a digit is left',
    );
    assert.ok(changed(augmented(settings, { indices: FIFTY, epoch: 2, step: 50 }), first) >= 10);
    assert.ok(changed(augmented(settings, { indices: FIFTY, seed: 2 }), first) >= 10);
    assert.equal(changed(augmented(settings, { indices: FIFTY }), first), 0);
  });
}

test('an image becomes the same in whichever batch and row it comes', () => {
  const settings = { ...ALL, shiftPixels: 0 };
  const together = augmented(settings, { indices: FIFTY, step: 3 });
  const reversed = augmented(settings, { indices: FIFTY.toReversed(), step: 9 }).reverse();
  assert.equal(changed(reversed, together), 0);
  const alone = FIFTY.flatMap((index) => augmented(settings, { indices: [index] }));
  assert.equal(changed(alone, together), 0);
});

test('the rectangle that is erased does not depend on the other settings', () => {
  const place = { indices: FIFTY };
  const erasedAlone = augmented({ eraseProbability: 1, eraseShare: 0.4 }, place);
  const untouched = augmented({}, place);
  const both = augmented({ eraseProbability: 1, eraseShare: 0.4, elasticPixels: 1e-9 }, place);
  assert.ok(changed(erasedAlone, untouched) > 40);
  for (const [row, image] of both.entries()) {
    const furthest = Math.max(...image.map((value, pixel) => Math.abs(value - erasedAlone[row]![pixel]!)));
    assert.ok(furthest < 1e-6, `picture ${row} is ${furthest} away`);
  }
});

test('in late epochs images turn, grow, lean and are deformed by a share of the amounts', () => {
  const full = { rotateDegrees: 12, zoomShare: 0.1, shearDegrees: 8, elasticPixels: 20 };
  const half = { rotateDegrees: 6, zoomShare: 0.05, shearDegrees: 4, elasticPixels: 10 };
  const late = { ...full, lateAfterEpochs: 5, latePlacementShare: 0.5 };
  const of = (settings: Partial<AugmentationSettings>, epoch: number) =>
    augmented(settings, { indices: FIFTY, epoch });
  assert.equal(changed(of(late, 5), of(full, 5)), 0);
  assert.equal(changed(of(late, 6), of(half, 6)), 0);
  assert.equal(changed(of(late, 6), of(full, 6)), 50);
});

test('in late epochs images are mirrored with the share of the probability that effects have', () => {
  const late = { flipProbability: 0.8, lateAfterEpochs: 5, latePlacementShare: 1, lateEffectShare: 0.25 };
  const of = (settings: Partial<AugmentationSettings>, epoch: number) =>
    augmented(settings, { indices: FIFTY, epoch });
  assert.equal(changed(of(late, 5), of({ flipProbability: 0.8 }, 5)), 0);
  assert.equal(changed(of(late, 6), of({ flipProbability: 0.2 }, 6)), 0);
  assert.ok(changed(of(late, 6), of({ flipProbability: 0.8 }, 6)) > 0);
});

import { INPUT_LENGTH } from '../../core/image.js';
import { createAugment } from '../augment/augment.js';
import type { AugmentationSettings } from '../augment/settings.js';
import { drawOutliers, outlierCount } from '../outliers/outliers.js';
import { batchCount, gatherBytes, gatherLabels, shuffledBatches, toUnit } from './batches.js';
import type { LabelledImages } from './mnist.js';

/** What the batches of a training depend on. */
export interface PrepareSettings {
  set: LabelledImages;
  batchSize: number;
  seed: number;
  augmentation: AugmentationSettings;
  /** Pictures of no digit beside each batch's digits, as a share of these; 0 or left out: none. */
  outlierShare?: number;
}

/** Images of a batch of so many digits, its outliers included. */
export const rowsOf = (digits: number, { outlierShare = 0 }: Pick<PrepareSettings, 'outlierShare'>): number =>
  digits + outlierCount(digits, outlierShare);

/** Asks for a batch. */
export interface Request {
  /** Steps of the run before the one that the batch is for. */
  step: number;
  /** Where to put its images; as long as the batch with its outliers, or as a larger one. */
  memory: ArrayBuffer;
}

export interface Batch {
  /** `[batch + outliers, 28, 28, 1]`, ink 1.0 on 0.0, augmented, outliers last. */
  images: Float32Array<ArrayBuffer>;
  /** `[batch]`, 0 to 9; outliers have none. */
  labels: Int32Array;
}

/**
 * Digits are augmented by epochs that count from 1: as an epoch of their own outliers draw other numbers. It is never a late one: with outliers
 * placed as closely as digits are then, recipe flagship, seed 1, read 99.52% of its validation images for 99.62%, their loss 0.074 for 0.077,
 * and refused 2.2% for 1.35% of 2,000 that were enlarged four times (one run).
 */
const OUTLIERS_EPOCH = 0;

/**
 * Gives what makes the batches of a training. Each is a function of its step: it comes out equal, wherever and in whichever order
 * they are made.
 */
export function createPrepare(settings: PrepareSettings): (request: Request) => Batch {
  const { set, batchSize, seed, augmentation } = settings;
  const { count } = set;
  const stepsPerEpoch = batchCount({ count, batchSize });
  const augment = createAugment(augmentation, seed);
  // They are fitted already.
  const augmentOutliers = createAugment(
    { ...augmentation, refitProbability: 0, lateRefitProbability: 0 },
    seed,
  );
  const bytes = new Uint8Array(Math.min(batchSize, count) * INPUT_LENGTH);
  let shuffled = { epoch: 0, batches: [] as Uint32Array[] };

  return ({ step, memory }) => {
    const epoch = 1 + Math.floor(step / stepsPerEpoch);
    if (shuffled.epoch !== epoch) {
      shuffled = { epoch, batches: shuffledBatches({ count, batchSize, seed, epoch }) };
    }
    const indices = shuffled.batches[step % stepsPerEpoch]!;
    const rows = rowsOf(indices.length, settings);
    const images = new Float32Array(memory, 0, rows * INPUT_LENGTH);
    const digits = images.subarray(0, indices.length * INPUT_LENGTH);
    toUnit(gatherBytes(set.images, indices, bytes), digits);
    const outliers = rows - indices.length;
    if (outliers > 0) {
      const pictures = images.subarray(digits.length);
      drawOutliers(seed, step, digits, pictures);
      const places = Uint32Array.from({ length: outliers }, (_, row) => step * outliers + row);
      augmentOutliers(pictures, { epoch: OUTLIERS_EPOCH, step, indices: places });
    }
    augment(digits, { epoch, step, indices });
    return { images, labels: gatherLabels(set.labels, indices) };
  };
}

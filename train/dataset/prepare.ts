import { INPUT_LENGTH } from '../../core/image.js';
import { type BatchPlace, createAugment } from '../augment/augment.js';
import type { AugmentationSettings } from '../augment/settings.js';
import { drawOutliers, outlierCount } from '../outliers/outliers.js';
import { toUnit } from './batches.js';

/** What the batches of a training depend on, beside their images. */
export interface PrepareSettings {
  seed: number;
  augmentation: AugmentationSettings;
  /** Pictures of no digit beside each batch's digits, as a share of these; 0 or left out: none. */
  outlierShare?: number;
}

/** A batch as it comes out of the training set, and where to put what the network takes. */
export interface Unprepared extends BatchPlace {
  /** `[indices.length, 28 * 28]`, ink 255 on 0. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Long enough for the batch and its outliers, or for a larger one. */
  images: Float32Array<ArrayBuffer>;
}

/** Digits are augmented by epochs that count from 1: as an epoch of their own outliers draw other numbers. */
const OUTLIERS_EPOCH = 0;

/**
 * Gives what prepares a batch: its `images` become `[indices.length + outliers, 28, 28, 1]`, ink 1.0 on 0.0, the outliers last, all of
 * them augmented. Equal batches come out equal, wherever and in whichever order they are prepared.
 */
export function createPrepare({
  seed,
  augmentation,
  outlierShare = 0,
}: PrepareSettings): (batch: Unprepared) => void {
  const augment = createAugment(augmentation, seed);
  return ({ bytes, images, ...place }) => {
    const length = place.indices.length * INPUT_LENGTH;
    const batch = images.subarray(0, length);
    toUnit(bytes.subarray(0, length), batch);
    const count = outlierCount(place.indices.length, outlierShare);
    if (count > 0) {
      const outliers = images.subarray(length, length + count * INPUT_LENGTH);
      drawOutliers(seed, place.step, batch, outliers);
      const indices = Uint32Array.from({ length: count }, (_, row) => place.step * count + row);
      augment(outliers, { epoch: OUTLIERS_EPOCH, step: place.step, indices });
    }
    augment(batch, place);
  };
}

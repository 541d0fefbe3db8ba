import { INPUT_LENGTH } from '../../core/image.js';
import { type BatchPlace, createAugment } from '../augment/augment.js';
import type { AugmentationSettings } from '../augment/settings.js';
import { toUnit } from './batches.js';

/** What the batches of a training depend on, beside their images. */
export interface PrepareSettings {
  seed: number;
  augmentation: AugmentationSettings;
}

/** A batch as it comes out of the training set, and where to put what the network takes. */
export interface Unprepared extends BatchPlace {
  /** `[indices.length, 28 * 28]`, ink 255 on 0. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Long enough for the batch, or for a larger one. */
  images: Float32Array<ArrayBuffer>;
}

/**
 * Gives what prepares a batch: its `images` become `[indices.length, 28, 28, 1]`, ink 1.0 on 0.0, augmented. Equal batches come
 * out equal, wherever and in whichever order they are prepared.
 */
export function createPrepare({ seed, augmentation }: PrepareSettings): (batch: Unprepared) => void {
  const augment = createAugment(augmentation, seed);
  return ({ bytes, images, ...place }) => {
    const length = place.indices.length * INPUT_LENGTH;
    const batch = images.subarray(0, length);
    toUnit(bytes.subarray(0, length), batch);
    augment(batch, place);
  };
}

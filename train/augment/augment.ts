import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { type RandomStream, randomStream } from '../random.js';
import { inverseOf, type Placement } from './affine.js';
import { createBothWays } from './both-ways.js';
import { createEffects } from './effects.js';
import { createElastic } from './elastic.js';
import { isLate, latePlacement } from './late.js';
import { refit } from './refit.js';
import { resizeBand } from './resize.js';
import type { AugmentationSettings } from './settings.js';
import { drawShift, type Shift, shiftImage } from './shift.js';
import { createWarp } from './warp.js';

/** Which images of a training a batch is, and when. */
export interface BatchPlace {
  /** Counts from 1. */
  epoch: number;
  /** Steps of the run before this one. */
  step: number;
  /** The images' numbers in the training set. */
  indices: Uint32Array;
}

/**
 * Varies the images of a batch, in place.
 * @param images `[indices.length, 28, 28, 1]`, 0 to 1, and so they stay
 */
export type Augment = (images: Float32Array, place: BatchPlace) => void;

const STILL: Shift = { down: 0, right: 0 };

/** Uniform, up to `limit` either way. */
const eitherWay = (random: RandomStream, limit: number): number => limit * (2 * random.next() - 1);

/**
 * Gives what varies the batches of a training. What becomes of an image is a function of the seed, the epoch and the image's number;
 * its shift is one of the seed, the step and the image's row. So it does not matter who does it, or in which order, and one
 * setting does not change what another draws.
 */
export function createAugment(settings: AugmentationSettings, seed: number): Augment {
  const { shiftPixels } = settings;
  const place = createPlace(settings, seed);
  const placeLate = createPlace(latePlacement(settings), seed);
  const applyEffects = createEffects(settings, seed);

  return (images, { epoch, step, indices }) => {
    const shifts = shiftPixels > 0 ? randomStream(seed, 'shift', step) : null;
    const late = isLate(settings, epoch);
    const placeNow = late ? placeLate : place;
    const refitNow = late ? settings.lateRefitProbability : settings.refitProbability;
    for (const [row, index] of indices.entries()) {
      const image = images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
      const shift = shifts ? drawShift(shifts, shiftPixels) : STILL;
      if (refitNow > 0 && randomStream(seed, 'refit', epoch, index).next() < refitNow) refit(image);
      placeNow(image, shift, epoch, index);
      applyEffects(image, epoch, index);
    }
  };
}

/** Gives what moves and deforms an image, in place. */
function createPlace(settings: AugmentationSettings, seed: number) {
  const { elasticPixels, elasticSigmaPixels } = settings;
  const reshape = isReshaping(settings) ? createReshape(settings) : null;
  const elastic = elasticPixels > 0 ? createElastic(elasticPixels, elasticSigmaPixels) : null;
  const warp = createWarp();
  return (image: Float32Array, shift: Shift, epoch: number, index: number): void => {
    const placement = reshape?.(image, randomStream(seed, 'reshape', epoch, index)) ?? UNMOVED;
    const displacement = elastic?.(randomStream(seed, 'elastic', epoch, index)) ?? null;
    if (placement === UNMOVED && !displacement) shiftImage(image, shift);
    else warp(image, inverseOf({ ...placement, shift }), displacement);
  };
}

type Reshaped = Omit<Placement, 'shift'>;

const UNMOVED: Reshaped = { isFlipped: false, zoom: 1, shearDegrees: 0, rotateDegrees: 0 };

const isReshaping = (settings: AugmentationSettings): boolean =>
  settings.rotateDegrees > 0 ||
  settings.zoomShare > 0 ||
  settings.shearDegrees > 0 ||
  settings.flipProbability > 0 ||
  settings.resizePixels > 0;

/** Draws what a placement takes, whether it is asked for or not, and makes the image small and large again. */
function createReshape(settings: AugmentationSettings) {
  const { rotateDegrees, zoomShare, shearDegrees, flipProbability, resizePixels } = settings;
  const isMoving = isReshaping({ ...settings, resizePixels: 0 });
  const bands = Array.from({ length: resizePixels + 1 }, (_, pixels) => resizeBand(INPUT_SIDE - pixels));
  const applyBothWays = createBothWays();
  return (image: Float32Array, random: RandomStream): Reshaped => {
    const isFlipped = random.next() < flipProbability;
    const zoom = 1 + eitherWay(random, zoomShare);
    const shear = eitherWay(random, shearDegrees);
    const rotate = eitherWay(random, rotateDegrees);
    const pixels = random.integer(resizePixels + 1);
    if (pixels > 0) applyBothWays(image, bands[pixels]!);
    return isMoving ? { isFlipped, zoom, shearDegrees: shear, rotateDegrees: rotate } : UNMOVED;
  };
}

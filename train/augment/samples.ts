import type { AugmentationSettings } from './settings.js';

/** One sample of every kind of augmentation, as strong as leaves digits legible: what is shown and timed. */
export const SAMPLES = {
  shift: { shiftPixels: 2 },
  rotate: { rotateDegrees: 15 },
  zoom: { zoomShare: 0.15 },
  shear: { shearDegrees: 15 },
  flip: { flipProbability: 0.5 },
  resize: { resizePixels: 16 },
  elastic: { elasticPixels: 34, elasticSigmaPixels: 4 },
  erase: { eraseProbability: 0.5, eraseShare: 0.15 },
} as const satisfies Record<string, Partial<AugmentationSettings>>;

/** All of them at once. */
export const EVERYTHING: Partial<AugmentationSettings> = Object.assign({}, ...Object.values(SAMPLES));

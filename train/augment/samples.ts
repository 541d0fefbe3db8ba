import type { AugmentationSettings } from './settings.js';

/** One sample of every kind of augmentation, as strong as leaves digits legible: what is shown and timed. */
export const SAMPLES = {
  refit: { refitProbability: 0.5 },
  shift: { shiftPixels: 2 },
  rotate: { rotateDegrees: 15 },
  zoom: { zoomShare: 0.15 },
  shear: { shearDegrees: 15 },
  flip: { flipProbability: 0.5 },
  resize: { resizePixels: 16 },
  elastic: { elasticPixels: 34, elasticSigmaPixels: 4 },
  stroke: { strokeProbability: 1, strokePixels: 1.2 },
  hollow: { hollowProbability: 0.5 },
  erase: { eraseProbability: 0.5, eraseShare: 0.15 },
  paper: { paperProbability: 1, paperLevel: 0.8 },
  lines: { lineProbability: 1, lineCount: 4 },
  invert: { invertProbability: 0.7 },
  fade: { fadeProbability: 1, fadeShare: 0.35 },
  scatter: { scatterProbability: 1, scatterPixels: 2 },
  smear: { smearProbability: 1, smearPixels: 6 },
  blur: { blurProbability: 1, blurPixels: 1.5 },
  specks: { speckProbability: 1, speckShare: 0.3 },
  noise: { noiseProbability: 1, noiseDeviation: 0.4 },
} as const satisfies Record<string, Partial<AugmentationSettings>>;

/** What has a probability has this one where all are on: several at a time, as in a training. */
const TOGETHER = 0.2;

/** All of them at once. */
export const EVERYTHING: Partial<AugmentationSettings> = Object.fromEntries(
  Object.values(SAMPLES)
    .flatMap((settings) => Object.entries(settings))
    .map(([key, value]) => [key, key.endsWith('Probability') ? TOGETHER : value]),
);

import { NO_AUGMENTATION } from '../augment/settings.js';
import type { TrainingSettings } from './recipe.js';

/** Keras's defaults where a report names none. */
export const DEFAULTS: TrainingSettings = {
  epochs: 10,
  batchSize: 512,
  optimizer: 'adam',
  learningRate: 1e-3,
  schedule: 'constant',
  warmup: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  momentum: 0.9,
  labelSmoothing: 0,
  ...NO_AUGMENTATION,
  validationImages: 0,
};

/** Why they are so, where a recipe gives no reason of its own. */
export const DEFAULT_REASONS: { [K in keyof TrainingSettings]: string } = {
  epochs: "the reports' usual number",
  batchSize: "experiment A's",
  optimizer: "the reports' usual one",
  learningRate: "Keras's default for Adam",
  schedule: 'the reports keep the rate',
  warmup: 'none: the rate is constant',
  beta1: "Keras's default",
  beta2: "Keras's default",
  epsilon: "Keras's default",
  momentum: 'not used by Adam',
  labelSmoothing: 'none in the reports',
  shiftPixels: 'no augmentation in the reports',
  validationImages: 'train on all 60,000; set some aside to choose settings by',
};

import { NO_AUGMENTATION } from '../augment/settings.js';
import { AUGMENTATION_REASONS } from './augmentation-rules.js';
import type { TrainingSettings } from './recipe.js';

/** Keras's defaults where a report names none. */
export const DEFAULTS: TrainingSettings = {
  epochs: 10,
  batchSize: 512,
  optimizer: 'adam',
  learningRate: 1e-3,
  schedule: 'constant',
  warmup: 0,
  decayFactor: 0.5,
  decayEpochs: 2,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  momentum: 0.9,
  rho: 0.9,
  initialAccumulator: 0.1,
  weightDecay: 0,
  clipNorm: 0,
  averageDecay: 0,
  labelSmoothing: 0,
  ...NO_AUGMENTATION,
  outlierShare: 0,
  outlierWeight: 0.5,
  validationImages: 0,
  patience: 0,
};

/** Why they are so, where a recipe gives no reason of its own. */
export const DEFAULT_REASONS: { [K in keyof TrainingSettings]: string } = {
  epochs: "the reports' usual number",
  batchSize: "experiment A's",
  optimizer: "the reports' usual one",
  learningRate: "Keras's default for Adam",
  schedule: 'the reports keep the rate',
  warmup: 'none in the reports',
  decayFactor: 'ours: half',
  decayEpochs: 'ours: half every second epoch is a 32nd after ten',
  beta1: "Keras's default",
  beta2: "Keras's default",
  epsilon: "Keras's default",
  momentum: 'the usual value (Sutskever and others 2013)',
  rho: "Keras's default for RMSprop; for Adadelta it is 0.95",
  initialAccumulator: "Keras's default",
  weightDecay: 'none in most reports',
  clipNorm: 'none in the reports',
  averageDecay: 'none in the reports',
  labelSmoothing: 'none in the reports',
  ...AUGMENTATION_REASONS,
  outlierShare: 'none in the reports',
  outlierWeight: "the paper's (Hendrycks and others 2019)",
  validationImages: 'train on all 60,000; set some aside to choose settings by',
  patience: 'every epoch is trained, as in the reports',
};

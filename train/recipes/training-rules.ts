import { OPTIMIZERS } from '../optimizers.js';
import { SCHEDULES } from '../schedules.js';
import { AUGMENTATION_RULES } from './augmentation-rules.js';
import type { TrainingSettings } from './recipe.js';
import { integer, oneOf, positive, type Rule, share } from './rules.js';

export const TRAINING_RULES: { [K in keyof TrainingSettings]: Rule } = {
  epochs: integer(1, 1000),
  batchSize: integer(1, 10_000),
  optimizer: oneOf(OPTIMIZERS),
  learningRate: positive,
  schedule: oneOf(SCHEDULES),
  warmup: share,
  beta1: share,
  beta2: share,
  epsilon: positive,
  momentum: share,
  labelSmoothing: share,
  ...AUGMENTATION_RULES,
  validationImages: integer(0, 30_000),
};

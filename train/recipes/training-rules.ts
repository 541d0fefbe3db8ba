import { unmet } from '../../core/errors.js';
import { OPTIMIZERS } from '../optimizers.js';
import { SCHEDULES } from '../schedules.js';
import { AUGMENTATION_RULES } from './augmentation-rules.js';
import type { TrainingSettings } from './recipe.js';
import { integer, notNegative, number, oneOf, positive, type Rule, share } from './rules.js';

export const TRAINING_RULES: { [K in keyof TrainingSettings]: Rule } = {
  epochs: integer(1, 1000),
  batchSize: integer(1, 10_000),
  optimizer: oneOf(OPTIMIZERS),
  learningRate: positive,
  schedule: oneOf(SCHEDULES),
  warmup: share,
  decayFactor: number('a number above 0, at most 1', (value) => value > 0 && value <= 1),
  decayEpochs: positive,
  beta1: share,
  beta2: share,
  epsilon: positive,
  momentum: share,
  rho: share,
  initialAccumulator: notNegative,
  weightDecay: notNegative,
  clipNorm: notNegative,
  averageDecay: share,
  statisticsBatches: integer(0, 10_000),
  labelSmoothing: share,
  distillationWeight: number('a share from 0 to 1', (value) => value >= 0 && value <= 1),
  distillationTemperature: positive,
  ...AUGMENTATION_RULES,
  outlierShare: number('a share from 0 to 1', (value) => value >= 0 && value <= 1),
  outlierWeight: notNegative,
  validationImages: integer(0, 30_000),
  patience: integer(0, 1000),
};

/** @throws TenfoldError `bad-usage` where settings that are right by themselves do not go together. */
export function requireConsistent({
  patience,
  validationImages,
  statisticsBatches,
  averageDecay,
}: TrainingSettings): void {
  if (patience > 0 && validationImages === 0) {
    throw unmet({
      code: 'bad-usage',
      what: `validationImages with a patience of ${patience}, which watches their loss`,
      expected: 'a number above 0',
      got: '0',
      advice: 'Set some aside by --set validationImages=5000, or leave patience at 0.',
    });
  }
  if (statisticsBatches > 0 && averageDecay === 0) {
    throw unmet({
      code: 'bad-usage',
      what: `averageDecay with ${statisticsBatches} statisticsBatches, which are for averaged weights`,
      expected: 'a share above 0',
      got: '0',
      advice: 'Average weights by --set averageDecay=0.999, or leave statisticsBatches at 0.',
    });
  }
}

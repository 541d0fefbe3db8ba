import type { Activation } from '../models/activations.js';
import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';
import { variant } from './variant.js';

const baseline: Recipe<'basic-block'> = {
  summary: 'Basic-block ResNet, 64 filters, 3 blocks: the baseline of the four sweeps',
  architecture: 'basic-block',
  model: { filters: 64, blocks: 3, downsamplingBlock: 0, denseUnits: 64, activation: 'relu' },
  training: { ...DEFAULTS, batchSize: 64 },
  reasons: {
    ...DEFAULT_REASONS,
    filters: "the report's",
    blocks: "the report's",
    downsamplingBlock: "none: the report's blocks all have 64 filters; it allows for one",
    denseUnits: "the report's",
    activation: "the report's baseline",
    epochs: 'the report states none: 10, as experiment A',
    batchSize: "the report states none for its baseline: 64, which is among its sweep's",
    optimizer: "the report's baseline",
    learningRate: "the report's baseline",
  },
};

const activated = (activation: Activation, reason: string) =>
  variant(baseline, {
    summary: `Basic-block ResNet with ${activation} in the place of ReLU`,
    model: { activation },
    reasons: { activation: reason },
  });

const atRate = (learningRate: number) =>
  variant(baseline, {
    summary: `Basic-block ResNet at a learning rate of ${learningRate}`,
    training: { learningRate },
    reasons: { learningRate: "of the report's learning rate sweep" },
  });

const inBatches = (batchSize: number) =>
  variant(baseline, {
    summary: `Basic-block ResNet in batches of ${batchSize}`,
    training: { batchSize },
    reasons: { batchSize: "of the report's batch size sweep" },
  });

export const EXPERIMENT_B = {
  'basic-block-64x3': baseline,
  'basic-block-64x3-sigmoid': activated('sigmoid', "of the report's activation sweep"),
  'basic-block-64x3-tanh': activated('tanh', "of the report's activation sweep"),
  'basic-block-64x3-leaky-relu': activated('leaky-relu', 'named by the report, which gives no figures of it'),
  'basic-block-64x3-sgd': variant(baseline, {
    summary: 'Basic-block ResNet with plain SGD in the place of Adam',
    training: { optimizer: 'sgd' },
    reasons: {
      optimizer: "of the report's optimiser sweep; without momentum, as Keras's SGD is by default",
      learningRate: "the baseline's: the sweep changes the optimiser alone",
    },
  }),
  'basic-block-64x3-rmsprop': variant(baseline, {
    summary: 'Basic-block ResNet with RMSprop in the place of Adam',
    training: { optimizer: 'rmsprop' },
    reasons: {
      optimizer: "of the report's optimiser sweep",
      learningRate: "Keras's default for RMSprop as for Adam",
      rho: "Keras's default for RMSprop",
    },
  }),
  'basic-block-64x3-rate-0.1': atRate(0.1),
  'basic-block-64x3-rate-0.01': atRate(0.01),
  'basic-block-64x3-batch-16': inBatches(16),
  'basic-block-64x3-batch-32': inBatches(32),
  'basic-block-64x3-batch-128': inBatches(128),
  'basic-block-64x3-downsampling': variant(baseline, {
    summary: 'Basic-block ResNet whose second block halves the picture, from 7 x 7 to 4 x 4',
    model: { downsamplingBlock: 2 },
    reasons: { downsamplingBlock: 'the report says how a block may do it, not which: the middle one' },
  }),
};
